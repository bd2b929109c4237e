using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;

namespace OrderSample.OutboxScheduler;

/// <summary>
/// Keeps scheduled messages as rows that belong to no inbox and no scope. The outbox finds its rows by these two, and so
/// never sees a scheduled one.
/// </summary>
internal sealed class ScheduledMessageStore<TDbContext>(TDbContext context) : IScheduledMessageStore
    where TDbContext : DbContext
{
    public void Schedule(Guid messageId, Guid tokenId, DateTime due)
    {
        var row = context.ChangeTracker.Entries<OutboxMessage>().FirstOrDefault(x => x.State == EntityState.Added && x.Entity.MessageId == messageId)
            ?? throw new InvalidOperationException("Scheduling needs the outbox: add UseEntityFrameworkOutbox to the endpoint, or UseBusOutbox to the bus.");
        row.Entity.InboxMessageId = null;
        row.Entity.InboxConsumerId = null;
        row.Entity.OutboxId = null;
        row.Entity.EnqueueTime = due;
        row.Entity.SentTime = due;
        row.Property(ScheduledMessageModel.TokenId).CurrentValue = tokenId;
    }

    public Task Cancel(Guid tokenId, CancellationToken cancellationToken)
    {
        // Scheduled and cancelled before it was saved: the row is not to be written.
        var pending = context.ChangeTracker.Entries<OutboxMessage>()
            .FirstOrDefault(x => x.State == EntityState.Added && Equals(x.Property(ScheduledMessageModel.TokenId).CurrentValue, tokenId));
        if (pending is null)
        {
            return context.Set<OutboxMessage>().Where(x => EF.Property<Guid?>(x, ScheduledMessageModel.TokenId) == tokenId)
                .ExecuteDeleteAsync(cancellationToken);
        }

        pending.State = EntityState.Detached;
        return Task.CompletedTask;
    }
}
