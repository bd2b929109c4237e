using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.ReplayingDeadLetters;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Backoffice.EditingDeadLetters;

/// <summary>What became of an edit.</summary>
/// <param name="Edited">The case that the edited message has; null when there is none.</param>
/// <param name="Errors">What is wrong with the edited message.</param>
/// <param name="Problem">Why the edited message was not replayed; its case is open then.</param>
internal sealed record EditOutcome(long? Edited, ValidationErrors Errors, ReplayProblem? Problem);

/// <summary>Replaces a dead letter by a message with another body, and replays that one. Both are kept.</summary>
/// <remarks>
/// The edited message is stored as a case of its own, and the old case closed, in one transaction; then it is replayed like any other.
/// A crash in between leaves it open for a person, and nothing was sent that is not stored.
/// </remarks>
internal sealed class Edit(BackofficeDbContext context, Replay replay, IDatabaseProvider database, TimeProvider time, ILogger<Edit> logger)
{
    /// <param name="id">The dead letter.</param>
    /// <param name="message">The changed message, as JSON.</param>
    /// <param name="decision">Who decides, and why.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<EditOutcome> AndReplayAsync(long id, string? message, OperatorDecision decision, CancellationToken cancellationToken)
    {
        var errors = decision.Validate();
        if (!errors.None || await StoreAsync(id, message, decision, errors, cancellationToken) is not { } edited)
            return new EditOutcome(null, errors, null);

        var outcome = await replay.OneAsync(edited, decision, cancellationToken);
        return new EditOutcome(edited, errors, outcome.Problem);
    }

    /// <returns>The new case; null when the old one is not open, or the edit has errors.</returns>
    private async Task<long?> StoreAsync(long id, string? message, OperatorDecision decision, ValidationErrors errors, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var letter = await context.LockAsync(id, cancellationToken);
        if (letter is not { Status: DeadLetterStatus.Open } || EditedMessage.Of(letter, message, Guid.CreateVersion7(time.GetUtcNow()), errors) is not { } edited)
            return null;

        var replacement = letter.ReplacedBy(edited, time.GetUtcNow());
        context.Add(replacement);
        context.Add(DeadLetterAction.Of(decision, id, DeadLetterActionKind.Edited, time.GetUtcNow()));
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        // The copy key: an open case stands for all that say the same.
        catch (DbUpdateException exception) when (database.IsUniqueViolation(exception))
        {
            errors.Add("message", "says the same as another open dead letter of this order: replay that one");
            return null;
        }

        await transaction.CommitAsync(cancellationToken);
        context.ChangeTracker.Clear();
        logger.LogInformation("Edited dead letter {Id} ({MessageType} to {Endpoint}), by {By}: dead letter {Edited} is in its place. Reason: {Reason}",
            id, letter.MessageType, letter.Endpoint, decision.By, replacement.Id, decision.Reason);
        return replacement.Id;
    }
}
