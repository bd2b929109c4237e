using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Backoffice.ReplayingDeadLetters;

/// <summary>What became of the replay of one dead letter.</summary>
/// <param name="Letter">The dead letter; null when there is none, or it is not open.</param>
/// <param name="Problem">Why it stays open; null when it was replayed.</param>
internal sealed record ReplayOutcome(DeadLetter? Letter, ReplayProblem? Problem);

/// <summary>What became of the replay of a group.</summary>
/// <param name="Counts">For the caller.</param>
/// <param name="Problem">Why not one was replayed; null if one was, or none was open.</param>
internal sealed record GroupOutcome(GroupReplay Counts, ReplayProblem? Problem);

/// <summary>What became of the dead letters of a group when it was replayed.</summary>
/// <param name="Replayed">How many the broker has confirmed.</param>
/// <param name="Failed">How many stay open, because it did not.</param>
/// <param name="Open">How many of the group are open now, with those that have failed again or were not tried.</param>
/// <param name="Problem">Why the first of the failed ones did.</param>
public sealed record GroupReplay(int Replayed, int Failed, int Open, string? Problem);

/// <summary>Gives dead letters back to the broker.</summary>
/// <remarks>
/// The row is locked, the message published and confirmed, and only then the row marked. A crash in between leaves it open,
/// and a second replay sends the message again, under the same id: the receiver's inbox drops it. Two people at once: the
/// second waits for the lock, and finds that the case is not open any more.
/// </remarks>
internal sealed class Replay(BackofficeDbContext context, ReplayPublisher publisher, TimeProvider time, ILogger<Replay> logger)
{
    /// <summary>Most of a group that are replayed at a time.</summary>
    public const int MaxOfGroup = 1_000;

    private const int BatchSize = 100;

    public async Task<ReplayOutcome> OneAsync(long id, OperatorDecision decision, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var letter = await context.LockAsync(id, cancellationToken);
        if (letter is not { Status: DeadLetterStatus.Open })
            return new ReplayOutcome(null, null);

        var problem = await PublishAsync(letter);
        Note(letter, problem, decision);
        await context.SaveChangesAsync(CancellationToken.None);
        await transaction.CommitAsync(CancellationToken.None);
        return new ReplayOutcome(letter, problem);
    }

    /// <summary>Replays the open ones of a group, oldest first, each at most once, until one batch fails.</summary>
    /// <returns>Null when there is no such group.</returns>
    public async Task<GroupOutcome?> GroupAsync(Guid groupId, OperatorDecision decision, CancellationToken cancellationToken)
    {
        var group = context.DeadLetters.Where(letter => letter.GroupId == groupId);
        if (await group.MaxAsync(letter => (long?)letter.Id, cancellationToken) is not { } last)
            return null;

        var (replayed, failed, after) = (0, 0, 0L);
        ReplayProblem? problem = null;
        while (replayed < MaxOfGroup && problem is null)
        {
            await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
            var letters = await context.LockOpenOfGroupAsync(groupId, after, last, BatchSize, cancellationToken);
            if (letters.Count == 0)
                break;

            var problems = await Task.WhenAll(letters.ConvertAll(PublishAsync));
            foreach (var (letter, outcome) in letters.Zip(problems))
                Note(letter, outcome, decision);
            await context.SaveChangesAsync(CancellationToken.None);
            await transaction.CommitAsync(CancellationToken.None);
            context.ChangeTracker.Clear();
            failed += problems.Count(x => x is not null);
            replayed += problems.Count(x => x is null);
            problem = problems.FirstOrDefault(x => x is not null);
            after = letters[^1].Id;
        }

        var open = await group.CountAsync(letter => letter.Status == DeadLetterStatus.Open, cancellationToken);
        return new GroupOutcome(new GroupReplay(replayed, failed, open, problem?.Text), replayed == 0 ? problem : null);
    }

    private Task<ReplayProblem?> PublishAsync(DeadLetter letter)
    {
        letter.BeginReplay();
        return publisher.PublishAsync(letter);
    }

    private void Note(DeadLetter letter, ReplayProblem? problem, OperatorDecision decision)
    {
        if (problem is null)
            letter.Replayed();
        context.Add(DeadLetterAction.Of(decision, letter.Id, problem is null ? DeadLetterActionKind.Replayed : DeadLetterActionKind.ReplayFailed, time.GetUtcNow(), problem?.Text));
        logger.LogInformation("Replay {Number} of dead letter {Id} ({MessageType} to {Endpoint}) by {By}: {Outcome}. Reason: {Reason}",
            letter.LastReplay, letter.Id, letter.MessageType, letter.Endpoint, decision.By, problem?.Text ?? "confirmed", decision.Reason);
    }
}
