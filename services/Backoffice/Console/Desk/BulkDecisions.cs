using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.Console.Bulk;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.DiscardingDeadLetters;
using OrderSample.Backoffice.ReadingDeadLetters;
using OrderSample.Backoffice.ReplayingDeadLetters;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Backoffice.Console.Desk;

/// <summary>What is decided about many dead letters.</summary>
internal enum BulkDecision
{
    /// <summary>To give them back to the broker.</summary>
    Replay,

    /// <summary>Not to handle them any more.</summary>
    Discard,
}

/// <summary>The dead letters that a decision is about.</summary>
/// <param name="What">The decision.</param>
/// <param name="Ids">Their numbers, oldest first.</param>
/// <param name="LeftOut">How many more were meant, and are no messages: they can't be replayed.</param>
internal sealed record FoundLetters(BulkDecision What, IReadOnlyList<long> Ids, int LeftOut);

/// <summary>Decides about many dead letters: each as if somebody decided about it alone, in a transaction and with an audit row of its own.</summary>
/// <param name="scopes">Each gets a database context of its own.</param>
/// <param name="options">How many at a time.</param>
internal sealed class BulkDecisions(IServiceScopeFactory scopes, IOptions<DeadLetterOptions> options)
{
    /// <summary>Finds those that a decision is about: of those that are open now, the ones with these ids, or all of a group, or all.</summary>
    public async Task<FoundLetters> FindAsync(BulkDecision what, IReadOnlyCollection<long>? ids, Guid? groupId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var letters = scope.ServiceProvider.GetRequiredService<BackofficeDbContext>().DeadLetters.Where(letter => letter.Status == DeadLetterStatus.Open);
        if (ids is not null)
            letters = letters.Where(letter => ids.Contains(letter.Id));
        if (groupId is not null)
            letters = letters.Where(letter => letter.GroupId == groupId);
        var meant = what == BulkDecision.Replay ? letters.Where(Summaries.IsMessage) : letters;
        var found = await meant.OrderBy(letter => letter.Id).Select(letter => letter.Id).ToListAsync(cancellationToken);
        return new FoundLetters(what, found, what == BulkDecision.Replay ? await letters.CountAsync(cancellationToken) - found.Count : 0);
    }

    /// <summary>The decision about them, to be carried out.</summary>
    public BulkRun Of(FoundLetters found, OperatorDecision decision) => new(
        new BulkWords("dead letter", "dead letters", found.What == BulkDecision.Replay ? "replayed" : "discarded"),
        [.. found.Ids.Select(id => (Func<CancellationToken, Task<BulkOutcome>>)(cancellationToken => OneAsync(found.What, id, decision, cancellationToken)))],
        options.Value.BulkConcurrency);

    private async Task<BulkOutcome> OneAsync(BulkDecision what, long id, OperatorDecision decision, CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            if (what == BulkDecision.Discard)
                return new BulkOutcome(await scope.ServiceProvider.GetRequiredService<Discard>().OneAsync(id, decision, cancellationToken));
            var outcome = await scope.ServiceProvider.GetRequiredService<Replay>().OneAsync(id, decision, cancellationToken);
            return new BulkOutcome(outcome is { Letter: not null, Problem: null }, outcome.Problem?.Text);
        }
        catch (Exception exception) when (exception is DbException or DbUpdateException or InvalidOperationException)
        {
            return new BulkOutcome(IsDone: false, $"The database can't be reached, so nobody knows whether it was done. ({exception.GetBaseException().Message})");
        }
    }
}
