using System.Data.Common;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>What is done with inbox rows, one round trip each or none of its own.</summary>
internal sealed class InboxTable<TDbContext>
    where TDbContext : DbContext
{
    /// <summary>SQLSTATE of a key that is there already.</summary>
    private const string UniqueViolation = "23505";

    private readonly StatementCache _statements = new();
    private bool? _canPiggyback;

    /// <summary>Claims a message for a consumer, in the current transaction of <paramref name="context"/>.</summary>
    /// <returns>False when that consumer has consumed it already.</returns>
    public async Task<bool> TryInsert(TDbContext context, InboxKey key, DateTime now, CancellationToken cancellationToken)
    {
        var rows = await context.Database.ExecuteSqlRawAsync(_statements.For(context).InsertInbox, [key.MessageId, key.ConsumerId, now], cancellationToken);
        return rows == 1;
    }

    /// <summary>Claims messages for their consumers, in the current transaction of <paramref name="context"/>.</summary>
    /// <returns>Those that were not consumed already.</returns>
    public async Task<HashSet<InboxKey>> TryInsert(TDbContext context, IReadOnlyList<InboxKey> keys, DateTime now, CancellationToken cancellationToken)
    {
        var sorted = Sorted(keys);
        if (sorted.Length > 1 && _statements.For(context).InsertInboxRows is { } insertRows)
        {
            var rows = await context.Set<InboxState>()
                .FromSqlRaw(insertRows, sorted.Select(x => x.MessageId).ToArray(), sorted.Select(x => x.ConsumerId).ToArray(), now)
                .AsNoTracking().ToListAsync(cancellationToken);
            return [.. rows.Select(x => new InboxKey(x.MessageId, x.ConsumerId))];
        }

        var first = new HashSet<InboxKey>();
        foreach (var key in sorted)
        {
            if (await TryInsert(context, key, now, cancellationToken))
                first.Add(key);
        }

        return first;
    }

    /// <summary>
    /// Claims messages for their consumers by a statement that travels with the next one of <paramref name="context"/>: a round trip less. With a duplicate
    /// among them that one throws what <see cref="IsDuplicate"/> knows, and the transaction is over.
    /// </summary>
    /// <returns>False: <paramref name="context"/> knows of no such statement, and nothing is claimed.</returns>
    public bool TryLeaveInsert(TDbContext context, IReadOnlyList<InboxKey> keys, DateTime now)
    {
        if (!(_canPiggyback ??= _statements.For(context).InsertNewInboxRows is not null && Piggyback.IsIn(context)))
            return false;
        var sorted = Sorted(keys);
        Piggyback.LeaveToQuery(context, _statements.For(context).InsertNewInboxRows!, sorted.Select(x => x.MessageId).ToArray(), sorted.Select(x => x.ConsumerId).ToArray(), now);
        return true;
    }

    /// <summary>Whether a statement failed because a message was consumed already.</summary>
    public static bool IsDuplicate(Exception exception) => (exception as DbException ?? exception.InnerException as DbException)?.SqlState == UniqueViolation;

    /// <summary>Deletes the oldest rows received before <paramref name="threshold"/>.</summary>
    /// <returns>How many; less than <paramref name="limit"/> when no older ones are left.</returns>
    public Task<int> DeleteOld(TDbContext context, DateTime threshold, int limit, CancellationToken cancellationToken) =>
        context.Database.ExecuteSqlRawAsync(_statements.For(context).DeleteOldInbox, [threshold, limit], cancellationToken);

    // In the order of the ids, so that two transactions with the same messages wait for each other and don't deadlock.
    private static InboxKey[] Sorted(IReadOnlyList<InboxKey> keys) => [.. keys.OrderBy(x => x.MessageId).ThenBy(x => x.ConsumerId)];
}

/// <summary>What the inbox knows a consumed message by.</summary>
internal readonly record struct InboxKey(Guid MessageId, Guid ConsumerId);
