using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.DiscardingDeadLetters;
using OrderSample.Backoffice.ReadingDeadLetters;
using OrderSample.Backoffice.ReplayingDeadLetters;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Backoffice.Console.Desk;

/// <summary>Decides about many dead letters: each as if somebody decided about it alone, in a transaction and with an audit row of its own.</summary>
/// <param name="scopes">Each gets a database context of its own.</param>
/// <param name="options">How many at a time.</param>
internal sealed class BulkDecisions(IServiceScopeFactory scopes, IOptions<DeadLetterOptions> options)
{
    /// <summary>Finds those that a decision is about: of those that are open now, the ones with these ids, or all of a group, or all.</summary>
    public async Task<BulkRun> FindAsync(BulkDecision what, IReadOnlyCollection<long>? ids, Guid? groupId, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var letters = scope.ServiceProvider.GetRequiredService<BackofficeDbContext>().DeadLetters.Where(letter => letter.Status == DeadLetterStatus.Open);
        if (ids is not null)
            letters = letters.Where(letter => ids.Contains(letter.Id));
        if (groupId is not null)
            letters = letters.Where(letter => letter.GroupId == groupId);
        var meant = what == BulkDecision.Replay ? letters.Where(Summaries.IsMessage) : letters;
        var found = await meant.OrderBy(letter => letter.Id).Select(letter => letter.Id).ToListAsync(cancellationToken);
        return new BulkRun(what, found, what == BulkDecision.Replay ? await letters.CountAsync(cancellationToken) - found.Count : 0);
    }

    /// <summary>Decides, oldest first. When it is cancelled, those that are begun are ended, and the rest stays open.</summary>
    public async Task RunAsync(BulkRun run, OperatorDecision decision, CancellationToken cancellationToken)
    {
        var bound = new ParallelOptions { MaxDegreeOfParallelism = options.Value.BulkConcurrency, CancellationToken = cancellationToken };
        try
        {
            await Parallel.ForEachAsync(run.Ids, bound, async (id, token) => run.Note(await OneAsync(run.What, id, decision, token)));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The run says how far it came.
        }
    }

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
