using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>What is done with inbox rows, one round trip each.</summary>
internal sealed class InboxTable<TDbContext>
    where TDbContext : DbContext
{
    private readonly StatementCache _statements = new();

    /// <summary>Claims a message for a consumer, in the current transaction of <paramref name="context"/>.</summary>
    /// <returns>False when that consumer has consumed it already.</returns>
    public async Task<bool> TryInsert(TDbContext context, Guid messageId, Guid consumerId, DateTime now, CancellationToken cancellationToken)
    {
        var rows = await context.Database.ExecuteSqlRawAsync(_statements.For(context).InsertInbox, [messageId, consumerId, now], cancellationToken);
        return rows == 1;
    }

    /// <summary>Deletes the oldest rows received before <paramref name="threshold"/>.</summary>
    /// <returns>How many; less than <paramref name="limit"/> when no older ones are left.</returns>
    public Task<int> DeleteOld(TDbContext context, DateTime threshold, int limit, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlRawAsync(_statements.For(context).DeleteOldInbox, [threshold, limit], cancellationToken);
}
