using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.DiscardingDeadLetters;
using OrderSample.Backoffice.EditingDeadLetters;
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

    /// <summary>Decides that one is not to be handled any more.</summary>
    /// <returns>Why not; null when it is closed.</returns>
    public Task<string?> DiscardAsync(long id, OperatorDecision decision, CancellationToken cancellationToken) => DoAsync(async services =>
        await services.GetRequiredService<Discard>().OneAsync(id, decision, cancellationToken) ? null : NotOpen);

    /// <summary>Sends a message with another body in its place.</summary>
    /// <returns>The case of that message, and why it was not edited or not replayed; no problem when the broker has it.</returns>
    public async Task<(long? Edited, string? Problem)> EditAsync(long id, string message, OperatorDecision decision, CancellationToken cancellationToken)
    {
        long? edited = null;
        var problem = await DoAsync(async services =>
        {
            var outcome = await services.GetRequiredService<Edit>().AndReplayAsync(id, message, decision, cancellationToken);
            edited = outcome.Edited;
            return outcome.Errors.ByField.Values.SelectMany(errors => errors).FirstOrDefault() is { } error ? $"The message {error}."
                : outcome.Problem is { } refused ? $"{refused.Text} The edited message is kept as dead letter {edited}, which stays open."
                : edited is null ? NotOpen : null;
        });
        return (edited, problem);
    }

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
