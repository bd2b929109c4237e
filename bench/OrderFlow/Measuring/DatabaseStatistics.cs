using Npgsql;

namespace OrderSample.Bench.Measuring;

/// <summary>What the database server has counted so far in all databases but the one that this looks from.</summary>
/// <param name="WalBytes">Bytes written ahead.</param>
/// <param name="Transactions">Transactions, those that only read too. Some of the last second may be missing.</param>
/// <param name="Ids">Transaction ids given out: to each transaction that writes, and to each savepoint after which something is written.</param>
/// <param name="Syncs">How often the write-ahead log was made durable; commits at the same moment share one.</param>
/// <param name="Statements">Statements that pg_stat_statements knows of; BEGIN, which travels with the next one, is none.</param>
internal readonly record struct DatabaseCounts(long WalBytes, long Transactions, long Ids, long Syncs, long Statements);

/// <summary>A statement, and what it cost.</summary>
/// <param name="Text">With parameters for its constants.</param>
/// <param name="Calls">How often it ran.</param>
/// <param name="Milliseconds">How long the server worked on all calls.</param>
internal sealed record StatementCost(string Text, long Calls, double Milliseconds);

/// <summary>Reads the database server's counters.</summary>
internal sealed class DatabaseStatistics : IAsyncDisposable
{
    private const string Others = "dbid <> (SELECT oid FROM pg_database WHERE datname = current_database())";
    private const string IsBegin = "query ILIKE 'BEGIN%'";

    private readonly NpgsqlDataSource _source;

    private DatabaseStatistics(NpgsqlDataSource source) => _source = source;

    public static async Task<DatabaseStatistics> Open(string server, CancellationToken cancellationToken)
    {
        var source = NpgsqlDataSource.Create(server);
        await using var create = source.CreateCommand("CREATE EXTENSION IF NOT EXISTS pg_stat_statements");
        await create.ExecuteNonQueryAsync(cancellationToken);
        return new DatabaseStatistics(source);
    }

    /// <summary>The server's version.</summary>
    public async Task<string> Version(CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand("SHOW server_version");
        return ((string)(await command.ExecuteScalarAsync(cancellationToken))!).Split(' ')[0];
    }

    public async Task<DatabaseCounts> Read(CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand($"""
            SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint,
                (SELECT sum(xact_commit)::bigint FROM pg_stat_database WHERE datname <> current_database()),
                pg_snapshot_xmax(pg_current_snapshot())::text::bigint,
                (SELECT wal_sync FROM pg_stat_wal),
                (SELECT coalesce(sum(calls), 0)::bigint FROM pg_stat_statements WHERE {Others} AND NOT {IsBegin})
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new DatabaseCounts(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4));
    }

    /// <summary>Counts statements from now on.</summary>
    public async Task Forget(CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand("SELECT pg_stat_statements_reset()");
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>The statements that took the server the most time, the worst first.</summary>
    public async Task<IReadOnlyList<StatementCost>> Costliest(int count, CancellationToken cancellationToken)
    {
        await using var command = _source.CreateCommand($"""
            SELECT regexp_replace(query, '\s+', ' ', 'g'), sum(calls)::bigint, sum(total_exec_time)
            FROM pg_stat_statements WHERE {Others} GROUP BY 1 ORDER BY 3 DESC LIMIT {count}
            """);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var costs = new List<StatementCost>();
        while (await reader.ReadAsync(cancellationToken))
            costs.Add(new StatementCost(reader.GetString(0), reader.GetInt64(1), reader.GetDouble(2)));
        return costs;
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
