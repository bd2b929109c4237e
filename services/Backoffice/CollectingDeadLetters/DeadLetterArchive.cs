using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OrderSample.Backoffice.Data;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Messaging.Redelivery;
using OrderSample.ServiceDefaults.Messaging.Replays;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>Stores dead letters, each as one case, however often it is delivered. Copies are part of the case that is open for the first of them.</summary>
internal sealed class DeadLetterArchive(
    IServiceScopeFactory scopes, IDatabaseProvider database, CollectorState state, IOptions<DeadLetterOptions> options, TimeProvider time, ILogger<DeadLetterArchive> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    /// <summary>Stores a dead letter, however long the database is away.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled; nothing is stored, or all of it.</exception>
    /// <exception cref="Exception">This message can't be stored, and trying again would not help.</exception>
    public Task StoreAsync(ReceivedDeadLetter received, CancellationToken cancellationToken) =>
        UntilStoredAsync(context => TryStoreAsync(context, received, cancellationToken), cancellationToken);

    /// <summary>Stores, in the same way, that a replay was handled. A report that comes twice changes nothing.</summary>
    public Task StoreAsync(DeadLetterHandled report, CancellationToken cancellationToken) =>
        UntilStoredAsync(context => TryStoreAsync(context, report, cancellationToken), cancellationToken);

    /// <summary>Stores, in the same way, that a message is delivered more than once.</summary>
    public Task StoreAsync(RepeatedDelivery report, CancellationToken cancellationToken) =>
        UntilStoredAsync(context => RepetitionStore.StoreAsync(context, report, options.Value.KeptRepetitions, cancellationToken), cancellationToken);

    private async Task UntilStoredAsync(Func<BackofficeDbContext, Task> store, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                await using var scope = scopes.CreateAsyncScope();
                await store(scope.ServiceProvider.GetRequiredService<BackofficeDbContext>());
                state.Stores();
                return;
            }
            // A taken key is another replica's: the next attempt finds its row.
            catch (Exception exception) when (database.IsTransient(exception) || database.IsUniqueViolation(exception))
            {
                state.StoresNot(exception);
                await Task.Delay(RetryDelay, time, cancellationToken);
            }
        }
    }

    private async Task TryStoreAsync(BackofficeDbContext context, DeadLetterHandled report, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        // Waits for the replay's own transaction: a consumer can be faster than that.
        var letter = await context.LockAsync(report.DeadLetterId, cancellationToken);
        if (letter is null)
        {
            logger.LogWarning("{Endpoint} has handled a replay of dead letter {Id}, which is not known here", report.Endpoint, report.DeadLetterId);
            return;
        }

        letter.Handled(report.Endpoint, report.At.ToUniversalTime());
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        logger.LogInformation("Dead letter {Id} ({MessageType}) was handled by {Endpoint}", letter.Id, letter.MessageType, report.Endpoint);
    }

    private async Task TryStoreAsync(BackofficeDbContext context, ReceivedDeadLetter received, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        var letter = await context.LockByFingerprintAsync(received.Fingerprint, cancellationToken);
        var open = (letter is null ? received.CopyKey : letter.CopyKey) is { } key ? await context.LockOpenByCopyKeyAsync(key, cancellationToken) : null;
        if (letter is not null && !letter.FailAgain(received, opens: open is null))
            return;
        // Looked for after the lock: another replica may have stored this very copy before it was given up.
        if (letter is null && await context.Copies.AnyAsync(copy => copy.Fingerprint == received.Fingerprint, cancellationToken))
            return;
        if (letter is null && open is not null)
            context.Add(open.AddCopy(received));
        else if (letter is null)
            context.Add(letter = DeadLetter.Of(received));

        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (letter is null)
            logger.LogWarning("Message {MessageId} from {Queue} is a copy of dead letter {Id}: {MessageType}", received.MessageId, received.Queue, open!.Id, open.MessageType);
        else
            logger.LogWarning("Dead letter {Id} from {Queue}, attempt {Attempt}: {MessageType} {MessageId}, {Cause}: {Exception}",
                letter.Id, letter.Queue, letter.Attempts, letter.MessageType, letter.MessageId, letter.Cause, letter.ExceptionMessage);
    }
}
