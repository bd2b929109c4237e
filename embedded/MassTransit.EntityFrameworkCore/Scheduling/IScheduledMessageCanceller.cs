using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Takes back a scheduled message, in the transaction that whoever implements this is part of.</summary>
internal interface IScheduledMessageCanceller
{
    /// <summary>Removes the message; does nothing when it was delivered already.</summary>
    Task Cancel(Guid tokenId, CancellationToken cancellationToken);
}

internal static class ScheduledMessages
{
    public static Task Cancel<TDbContext>(TDbContext context, OutboxTable<TDbContext> table, Guid tokenId, CancellationToken cancellationToken)
        where TDbContext : DbContext
    {
        // Scheduled and cancelled within one transaction: the row was never written, or will not be.
        var pending = context.ChangeTracker.Entries<OutboxMessage>()
            .FirstOrDefault(x => x.Entity.SchedulingTokenId == tokenId && x.State == EntityState.Added);
        if (pending is null)
            return table.Cancel(context, tokenId, cancellationToken);

        pending.State = EntityState.Detached;
        return Task.CompletedTask;
    }
}
