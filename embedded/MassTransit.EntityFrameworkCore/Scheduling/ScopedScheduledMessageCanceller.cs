using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Cancels outside of a consumer: with the scope's DbContext, in its transaction if it has one.</summary>
internal sealed class ScopedScheduledMessageCanceller<TDbContext>(TDbContext context, OutboxTable<TDbContext> table) : IScheduledMessageCanceller
    where TDbContext : DbContext
{
    public Task Cancel(Guid tokenId, CancellationToken cancellationToken) =>
        ScheduledMessages.Cancel(context, table, tokenId, cancellationToken);
}
