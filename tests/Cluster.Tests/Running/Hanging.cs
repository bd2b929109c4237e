using System.Globalization;
using Npgsql;

namespace OrderSample.Cluster.Tests.Running;

/// <summary>Finds the moment at which a process is in the middle of a transaction.</summary>
internal static class Hanging
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);

    /// <summary>
    /// A process that waits for a lock on a table within its transaction is stopped there, and the lock is its a moment later: it holds all that its
    /// transaction has locked, and knows nothing of it.
    /// </summary>
    /// <param name="connection">To the database, as its administrator.</param>
    /// <param name="table">The table.</param>
    /// <param name="stop">Stops a process.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task InTransaction(NpgsqlConnection connection, string table, Func<int, Task> stop, CancellationToken cancellationToken)
    {
        await using var locking = await connection.BeginTransactionAsync(cancellationToken);
        await using (var command = new NpgsqlCommand(string.Create(CultureInfo.InvariantCulture, $"""LOCK TABLE "{table}" IN SHARE MODE"""), connection, locking))
            await command.ExecuteNonQueryAsync(cancellationToken);
        await using var waiting = new NpgsqlCommand("""
            SELECT client_port FROM pg_stat_activity JOIN pg_locks USING (pid)
            WHERE NOT granted AND client_port > 0 AND datname = current_database() AND wait_event_type = 'Lock' LIMIT 1
            """, connection, locking);
        while (true)
        {
            if (await waiting.ExecuteScalarAsync(cancellationToken) is int port)
            {
                await stop(LocalConnections.ProcessAt(connection, port));
                return;
            }

            await Task.Delay(Pause, cancellationToken);
        }
    }
}
