using Microsoft.Data.SqlClient;

namespace OrderSample.Tests.Running;

/// <summary>
/// Databases on the SQL Server that the environment variable <c>ConnectionStrings__sqlserver</c> leads to: one for each test
/// when its login may create databases; otherwise all tests use the one that it names, which has to be empty, and is left so.
/// </summary>
internal sealed class SqlServerDatabases : IAsyncDisposable
{
    private static readonly string? Server = Environment.GetEnvironmentVariable("ConnectionStrings__sqlserver");

    private readonly List<string> _made = [];
    private string? _given;

    /// <summary>Null when there is a server to test on.</summary>
    public static string? WhyThereAreNone => string.IsNullOrEmpty(Server) ? "There is no SQL Server: ConnectionStrings__sqlserver is not set." : null;

    /// <returns>The connection string of an empty database.</returns>
    public async Task<string> New(string name)
    {
        var settings = new SqlConnectionStringBuilder(Server) { MaxPoolSize = 40 };
        if (_given is null)
        {
            try
            {
                await Execute(Master, $"CREATE DATABASE [{name}]");
                _made.Add(name);
                settings.InitialCatalog = name;
                return settings.ConnectionString;
            }
            catch (SqlException) when (settings.InitialCatalog.Length > 0 && _made.Count == 0)
            {
                // The login may not, so the given database has to do.
                _given = settings.ConnectionString;
                var tables = await Read(_given, "SELECT TABLE_NAME FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_TYPE = 'BASE TABLE'");
                Assert.True(tables.Count == 0, $"Tests would delete what is in {settings.InitialCatalog}: {string.Join(", ", tables)}. Give them an empty database.");
            }
        }

        await Empty(_given!);
        return _given!;
    }

    public async ValueTask DisposeAsync()
    {
        SqlConnection.ClearAllPools();
        if (_given is not null)
            await Empty(_given);
        foreach (var name in _made)
            await Execute(Master, $"ALTER DATABASE [{name}] SET SINGLE_USER WITH ROLLBACK IMMEDIATE; DROP DATABASE [{name}]");
    }

    private static string Master => new SqlConnectionStringBuilder(Server) { InitialCatalog = "master", Pooling = false }.ConnectionString;

    private static async Task Empty(string database)
    {
        foreach (var drop in await Read(database, """
            SELECT 'ALTER TABLE ' + QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME) + ' DROP CONSTRAINT ' + QUOTENAME(CONSTRAINT_NAME)
            FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS WHERE CONSTRAINT_TYPE = 'FOREIGN KEY'
            """))
            await Execute(database, drop);
        foreach (var drop in await Read(database, """
            SELECT 'DROP TABLE ' + QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME) FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_TYPE = 'BASE TABLE'
            """))
            await Execute(database, drop);
    }

    private static async Task Execute(string database, string sql)
    {
        await using var connection = new SqlConnection(database);
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection) { CommandTimeout = 120 };
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<List<string>> Read(string database, string sql)
    {
        await using var connection = new SqlConnection(database);
        await connection.OpenAsync();
        await using var command = new SqlCommand(sql, connection);
        await using var rows = await command.ExecuteReaderAsync();
        var values = new List<string>();
        while (await rows.ReadAsync())
            values.Add(rows.GetString(0));
        return values;
    }
}
