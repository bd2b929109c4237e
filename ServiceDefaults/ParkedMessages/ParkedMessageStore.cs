using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.ServiceDefaults.ParkedMessages;

/// <summary>A service's parked messages: rows of its outbox without a next delivery.</summary>
/// <param name="context">The service's DbContext.</param>
/// <param name="time">For due times and the audit trail.</param>
/// <param name="logger">Says what was done.</param>
internal sealed class ParkedMessageStore(DbContext context, TimeProvider time, ILogger<ParkedMessageStore> logger)
{
    private IQueryable<OutboxMessage> Parked => context.Set<OutboxMessage>().ThatAreParked();

    /// <param name="after">The last id of the page before, 0 for the first page.</param>
    /// <param name="limit">How many at most.</param>
    /// <param name="cancellationToken">Ends the query.</param>
    public async Task<List<ParkedMessage>> ListAsync(long after, int limit, CancellationToken cancellationToken)
    {
        var rows = await Parked.AsNoTracking().Where(message => message.SequenceNumber > after)
            .OrderBy(message => message.SequenceNumber).Take(limit)
            .Select(message => new
            {
                Message = message,
                Attempts = EF.Property<int>(message, OutboxRows.Attempts),
                LastError = EF.Property<string?>(message, OutboxRows.LastError),
            })
            .ToListAsync(cancellationToken);
        return [.. rows.Select(row => new ParkedMessage(row.Message.SequenceNumber, row.Message.MessageId, row.Message.MessageType,
            row.Message.DestinationAddress?.ToString(), row.Message.SentTime, row.Attempts, row.LastError, row.Message.Body))];
    }

    /// <summary>Makes a message due at once, with all its attempts before it.</summary>
    /// <returns>False when no such message is parked.</returns>
    public Task<bool> RetryAsync(long id, OperatorDecision decision, CancellationToken cancellationToken) =>
        ActAsync(id, "Retried", decision, message =>
        {
            context.Entry(message).Property(OutboxRows.Attempts).CurrentValue = 0;
            message.EnqueueTime = time.GetUtcNow().UtcDateTime;
        }, cancellationToken);

    /// <summary>Deletes a message; its body stays in the audit trail.</summary>
    /// <returns>False when no such message is parked.</returns>
    public Task<bool> DiscardAsync(long id, OperatorDecision decision, CancellationToken cancellationToken) =>
        ActAsync(id, "Discarded", decision, message => context.Remove(message), cancellationToken);

    private async Task<bool> ActAsync(long id, string action, OperatorDecision decision, Action<OutboxMessage> act, CancellationToken cancellationToken)
    {
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        // Taken first, so that of two operators at once only one finds it.
        var taken = await Parked.Where(message => message.SequenceNumber == id)
            .ExecuteUpdateAsync(message => message.SetProperty(row => row.EnqueueTime, time.GetUtcNow().UtcDateTime.AddDays(1)), cancellationToken);
        if (taken == 0)
            return false;

        var message = await context.Set<OutboxMessage>().SingleAsync(row => row.SequenceNumber == id, cancellationToken);
        context.Add(new ParkedMessageAction
        {
            MessageId = message.MessageId,
            Destination = message.DestinationAddress?.ToString() ?? "",
            Action = action,
            By = decision.By!,
            Reason = decision.Reason!,
            At = time.GetUtcNow(),
            Body = message.Body,
        });
        act(message);
        await context.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        logger.LogInformation("{Action} parked message {MessageId} to {Destination}, by {By}: {Reason}",
            action, message.MessageId, message.DestinationAddress, decision.By, decision.Reason);
        return true;
    }
}
