using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Given to the consumer instead of the transport's context: what it sends becomes rows of its transaction.</summary>
internal sealed class InboxOutboxConsumeContext<TDbContext, TMessage>(
    ConsumeContext<TMessage> context,
    OutboxConsumeOptions options,
    IServiceProvider provider,
    ConsumeTransaction<TDbContext> transaction,
    bool isFirst,
    EntityFrameworkOutboxOptions<TDbContext> outboxOptions,
    TimeProvider time)
    : OutboxConsumeContextProxy<TMessage>(context, options, provider), DbTransactionContext, ISavedAtEnd, IScheduledMessageCanceller
    where TDbContext : DbContext
    where TMessage : class
{
    public Guid TransactionId => transaction.Id;

    public bool IsSavedAtEnd => transaction.IsSavedAtEnd;

    public override bool ContinueProcessing { get; set; }

    // For a duplicate the pipe skips the consumer. Its outgoing messages were committed with the first delivery and are
    // the delivery's and the sweeper's business, never the consumer's.
    public override bool IsMessageConsumed => !isFirst;

    public override bool IsOutboxDelivered => !isFirst;

    public override int ReceiveCount => 1;

    public override long? LastSequenceNumber => null;

    public override Task SetConsumed() => transaction.Consumed(CancellationToken);

    // What fails together with others is consumed again alone, and told only if it fails then.
    public override Task NotifyFaulted<T>(ConsumeContext<T> context, TimeSpan duration, string consumerType, Exception exception) =>
        transaction.IsShared ? Task.CompletedTask : base.NotifyFaulted(context, duration, consumerType, exception);

    public override Task SetDelivered() => Task.CompletedTask;

    public override Task<List<OutboxMessageContext>> LoadOutboxMessages() => Task.FromResult(new List<OutboxMessageContext>());

    public override Task NotifyOutboxMessageDelivered(OutboxMessageContext message) => Task.CompletedTask;

    public override Task RemoveOutboxMessages() => Task.CompletedTask;

    public override Task AddSend<T>(SendContext<T> context)
    {
        transaction.Store(OutboxMessageFactory.Create(context, time.GetUtcNow().UtcDateTime, outboxOptions.Lease), OutboxMessageFactory.IsDueAtOnce(context));
        return Task.CompletedTask;
    }

    public Task Cancel(Guid tokenId, CancellationToken cancellationToken)
    {
        transaction.Cancel(tokenId);
        return Task.CompletedTask;
    }
}

/// <summary>A payload that says whether a saga may leave saving to the end of its transaction.</summary>
internal interface ISavedAtEnd
{
    bool IsSavedAtEnd { get; }
}
