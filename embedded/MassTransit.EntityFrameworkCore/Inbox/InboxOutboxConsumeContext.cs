using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Given to the consumer instead of the transport's context: what it sends becomes rows of its transaction.</summary>
internal sealed class InboxOutboxConsumeContext<TDbContext, TMessage>(
    ConsumeContext<TMessage> context,
    OutboxConsumeOptions options,
    IServiceProvider provider,
    TDbContext dbContext,
    Guid transactionId,
    bool isFirst,
    OutboxTable<TDbContext> table,
    EntityFrameworkOutboxOptions outboxOptions,
    TimeProvider time)
    : OutboxConsumeContextProxy<TMessage>(context, options, provider), DbTransactionContext, IScheduledMessageCanceller
    where TDbContext : DbContext
    where TMessage : class
{
    private readonly Lock _lock = new();

    /// <summary>Stored messages that are to be delivered as soon as the transaction is committed.</summary>
    public List<OutboxMessage> DueAtOnce { get; } = [];

    public Guid TransactionId => transactionId;

    public override bool ContinueProcessing { get; set; }

    // For a duplicate the pipe skips the consumer. Its outgoing messages were committed with the first delivery and are
    // the delivery's and the sweeper's business, never the consumer's.
    public override bool IsMessageConsumed => !isFirst;

    public override bool IsOutboxDelivered => !isFirst;

    public override int ReceiveCount => 1;

    public override long? LastSequenceNumber => null;

    public override Task SetConsumed() => Task.CompletedTask;

    public override Task SetDelivered() => Task.CompletedTask;

    public override Task<List<OutboxMessageContext>> LoadOutboxMessages() => Task.FromResult(new List<OutboxMessageContext>());

    public override Task NotifyOutboxMessageDelivered(OutboxMessageContext message) => Task.CompletedTask;

    public override Task RemoveOutboxMessages() => Task.CompletedTask;

    public override Task AddSend<T>(SendContext<T> context)
    {
        var message = OutboxMessageFactory.Create(context, time.GetUtcNow().UtcDateTime, outboxOptions.Lease);

        // A consumer may send concurrently; a DbContext is not made for that.
        lock (_lock)
        {
            dbContext.Add(message);
            if (OutboxMessageFactory.IsDueAtOnce(context))
                DueAtOnce.Add(message);
        }

        return Task.CompletedTask;
    }

    public Task Cancel(Guid tokenId, CancellationToken cancellationToken) =>
        ScheduledMessages.Cancel(dbContext, table, tokenId, cancellationToken);
}
