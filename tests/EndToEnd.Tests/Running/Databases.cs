using Aspire.Hosting.Testing;
using Npgsql;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>The hand that changes a service's data behind its back. Parameters are <c>$1</c>, <c>$2</c> …</summary>
internal static class Databases
{
    private const int CommandTimeoutSeconds = 180;

    /// <returns>Rows changed.</returns>
    public static Task<int> Sql(this OrderSystem system, string database, string sql, params object[] parameters) =>
        system.Execute(database, sql, parameters, (command, token) => command.ExecuteNonQueryAsync(token));

    /// <returns>The first column of the first row.</returns>
    public static Task<T> SqlValue<T>(this OrderSystem system, string database, string sql, params object[] parameters) =>
        system.Execute(database, sql, parameters, async (command, token) => (T)(await command.ExecuteScalarAsync(token))!);

    /// <returns>All rows.</returns>
    public static Task<List<T>> Read<T>(this OrderSystem system, string database, string sql, Func<NpgsqlDataReader, T> read, params object[] parameters) =>
        system.Execute(database, sql, parameters, async (command, token) =>
        {
            await using var reader = await command.ExecuteReaderAsync(token);
            var rows = new List<T>();
            while (await reader.ReadAsync(token))
                rows.Add(read(reader));
            return rows;
        });

    /// <summary>Not from the pool: the server may have been stopped since.</summary>
    public static async Task<NpgsqlConnection> OpenDatabase(this OrderSystem system, string database, CancellationToken cancellationToken = default)
    {
        var connection = new NpgsqlConnection($"{await system.App.GetConnectionStringAsync(database, cancellationToken)};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    /// <summary>Holds the locks that a query takes, until it is disposed of.</summary>
    public static async Task<IAsyncDisposable> LockRow(this OrderSystem system, string database, string sql, params object[] parameters)
    {
        var connection = await system.OpenDatabase(database);
        await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        await command.ExecuteScalarAsync();
        return connection;
    }

    /// <returns>How many of an order's payments were given back.</returns>
    public static Task<long> Refunds(this OrderSystem system, Guid orderId) =>
        system.SqlValue<long>("orders-db", """SELECT count(*) FROM "Refunds" WHERE "OrderId" = $1""", orderId);

    private static async Task<T> Execute<T>(this OrderSystem system, string database, string sql, object[] parameters,
        Func<NpgsqlCommand, CancellationToken, Task<T>> execute)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(CommandTimeoutSeconds));
        await using var connection = await system.OpenDatabase(database, timeout.Token);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = CommandTimeoutSeconds };
        foreach (var parameter in parameters)
            command.Parameters.Add(new NpgsqlParameter { Value = parameter });
        return await execute(command, timeout.Token);
    }
}
