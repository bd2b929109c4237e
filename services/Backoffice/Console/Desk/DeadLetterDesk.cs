using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.DiscardingDeadLetters;
using OrderSample.Backoffice.ReplayingDeadLetters;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Backoffice.Console.Desk;

/// <summary>What the pages do to dead letters: the same as the API, with the outcome in words.</summary>
/// <param name="scopes">A page lives for hours; each action gets a database context of its own.</param>
internal sealed class DeadLetterDesk(IServiceScopeFactory scopes)
{
    private const string NotOpen = "It is not open any more: somebody else was faster.";

    /// <summary>Gives one back to the broker.</summary>
    /// <returns>Why not; null when the broker has it.</returns>
    public Task<string?> ReplayAsync(long id, OperatorDecision decision, CancellationToken cancellationToken) => DoAsync(async services =>
    {
        var outcome = await services.GetRequiredService<Replay>().OneAsync(id, decision, cancellationToken);
        return outcome.Problem is { } problem ? $"{problem.Text} It stays open." : outcome.Letter is null ? NotOpen : null;
    });

    /// <summary>Gives the open ones of a group back to the broker.</summary>
    /// <returns>Why not, or not all; null when the broker has them.</returns>
    public Task<string?> ReplayGroupAsync(Guid groupId, OperatorDecision decision, CancellationToken cancellationToken) => DoAsync(async services =>
    {
        if (await services.GetRequiredService<Replay>().GroupAsync(groupId, decision, cancellationToken) is not { } outcome)
            return "There is no such group any more.";
        return outcome.Counts switch
        {
            { Failed: > 0 } counts => $"{counts.Replayed} were replayed, {counts.Failed} stay open. {counts.Problem}",
            { Replayed: 0 } => "None of them was open any more.",
            { Replayed: Replay.MaxOfGroup, Open: > 0 } counts => $"{counts.Replayed} were replayed, the most at a time; {counts.Open} are still open.",
            _ => null,
        };
    });

    /// <summary>Decides that one is not to be handled any more.</summary>
    /// <returns>Why not; null when it is closed.</returns>
    public Task<string?> DiscardAsync(long id, OperatorDecision decision, CancellationToken cancellationToken) => DoAsync(async services =>
        await services.GetRequiredService<Discard>().OneAsync(id, decision, cancellationToken) ? null : NotOpen);

    private async Task<string?> DoAsync(Func<IServiceProvider, Task<string?>> act)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            return await act(scope.ServiceProvider);
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or InvalidOperationException)
        {
            return $"The database can't be reached, so nobody knows whether it was done. ({exception.GetBaseException().Message})";
        }
    }
}
