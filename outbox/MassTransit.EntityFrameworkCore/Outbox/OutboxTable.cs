using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>What is done with stored messages, one round trip each or none of its own.</summary>
internal sealed class OutboxTable<TDbContext>
    where TDbContext : DbContext
{
    /// <summary>Longest error kept with a row, in characters.</summary>
    private const int ErrorLength = 1000;

    private const string Commit = "COMMIT";

    private readonly StatementCache _statements = new();
    private bool? _canPiggyback;

    /// <summary>Leases due rows of whichever process; safe with any number of sweepers at once.</summary>
    public async Task<List<OutboxMessage>> ClaimDue(TDbContext context, DateTime now, TimeSpan lease, int limit, CancellationToken cancellationToken) =>
        InStoredOrder(await context.Set<OutboxMessage>()
            .FromSqlRaw(_statements.For(context).ClaimDue, now, now + lease, limit)
            .AsNoTracking().ToListAsync(cancellationToken));

    /// <summary>Leases given rows, where they were committed and are still there.</summary>
    public async Task<List<OutboxMessage>> ClaimGiven(TDbContext context, long[] sequenceNumbers, DateTime leaseEnd, CancellationToken cancellationToken)
    {
        var statements = _statements.For(context);
        return InStoredOrder(await context.Set<OutboxMessage>()
            .FromSqlRaw(statements.ClaimGiven, statements.Keys(sequenceNumbers), leaseEnd)
            .AsNoTracking().ToListAsync(cancellationToken));
    }

    public Task Delete(TDbContext context, long[] sequenceNumbers, CancellationToken cancellationToken)
    {
        var statements = _statements.For(context);
        return context.Database.ExecuteSqlRawAsync(statements.Delete, [statements.Keys(sequenceNumbers)], cancellationToken);
    }

    /// <summary>Counts a failed delivery of each row and sets when the next one may be, or that there is to be none.</summary>
    public Task Defer(TDbContext context, IReadOnlyList<DeliveryOutcome> failures, CancellationToken cancellationToken)
    {
        var statements = _statements.For(context);
        FailedRow[] rows = [.. failures.Select(x => new FailedRow(x.SequenceNumber, x.Next, x.Attempts, Shorten(x.Error!)))];
        return context.Database.ExecuteSqlRawAsync(statements.Defer, statements.FailedRows(rows), cancellationToken);
    }

    /// <summary>Deletes scheduled messages, in the current transaction of <paramref name="context"/> if it has one.</summary>
    public async Task Cancel(DbContext context, Guid[] tokenIds, CancellationToken cancellationToken)
    {
        if (tokenIds.Length == 0)
            return;
        var statements = _statements.For(context);
        await context.Database.ExecuteSqlRawAsync(statements.Cancel, [statements.Tokens(tokenIds)], cancellationToken);
    }

    /// <summary>Leaves the same, and a commit, to the next save of <paramref name="context"/>.</summary>
    /// <returns>False: there is nothing to leave, or it can't travel with a save.</returns>
    public bool TryLeaveToSave(DbContext context, Guid[] tokenIds, bool andCommit)
    {
        if ((tokenIds.Length == 0 && !andCommit) || !(_canPiggyback ??= Piggyback.IsIn(context)))
            return false;
        var statements = _statements.For(context);
        if (tokenIds.Length == 0)
            Piggyback.LeaveToSave(context, Commit);
        else
            Piggyback.LeaveToSave(context, andCommit ? $"{statements.Cancel};\n{Commit}" : statements.Cancel, statements.Tokens(tokenIds));
        return true;
    }

    private static string Shorten(string error) => error.Length <= ErrorLength ? error : error[..ErrorLength];

    // The database returns claimed rows in any order.
    private static List<OutboxMessage> InStoredOrder(List<OutboxMessage> rows)
    {
        rows.Sort((x, y) => x.SequenceNumber.CompareTo(y.SequenceNumber));
        return rows;
    }
}
