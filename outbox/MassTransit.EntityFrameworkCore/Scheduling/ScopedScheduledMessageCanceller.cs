using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Cancels outside of a consumer: with the scope's DbContext, in its transaction if it has one.</summary>
internal sealed class ScopedScheduledMessageCanceller<TDbContext>(TDbContext context, OutboxTable<TDbContext> table) : IScheduledMessageCanceller
    where TDbContext : DbContext
{
    public Task Cancel(Guid tokenId, CancellationToken cancellationToken)
    {
        // Scheduled and cancelled before it was saved: the row is not to be written.
        var pending = context.ChangeTracker.Entries<OutboxMessage>()
            .FirstOrDefault(x => x.Entity.SchedulingTokenId == tokenId && x.State == EntityState.Added);
        if (pending is null)
            return table.Cancel(context, [tokenId], cancellationToken);

        pending.State = EntityState.Detached;
        return Task.CompletedTask;
    }
}
