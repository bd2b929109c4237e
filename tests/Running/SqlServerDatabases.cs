using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace OrderSample.Tests.Running;

/// <summary>
/// Databases on the SQL Server that the environment variable <c>ConnectionStrings__sqlserver</c> leads to: one for each test
/// when its login may create databases; otherwise all tests use the one that it names, which has to be empty, and is left so.
/// </summary>
internal sealed class SqlServerDatabases : IAsyncDisposable
{
    private const int NotSupportedByBabelfish = 33557097;

    private static readonly string? Server = Environment.GetEnvironmentVariable("ConnectionStrings__sqlserver");

    private readonly List<string> _made = [];
    private string? _given;

    /// <summary>Null when there is a server to test on.</summary>
    public static string? WhyThereAreNone => string.IsNullOrEmpty(Server) ? "There is no SQL Server: ConnectionStrings__sqlserver is not set." : null;

    /// <returns>The connection string of an empty database.</returns>
    public async Task<string> New(string name)
    {
        if (_given is null)
        {
            var settings = new SqlConnectionStringBuilder(Server) { MaxPoolSize = 40 };
            var given = settings.InitialCatalog;
            try
            {
                await OnTheServer($"CREATE DATABASE [{name}]");
                _made.Add(name);
                settings.InitialCatalog = name;
                // As EF Core does for each database that it makes.
                await Alter(name, "READ_COMMITTED_SNAPSHOT ON");
                return settings.ConnectionString;
            }
            catch (SqlException) when (given.Length > 0 && _made.Count == 0)
            {
                // The login may not, so the given database has to do.
                _given = settings.ConnectionString;
                await using var context = Open(_given);
                var tables = await context.Database.SqlQueryRaw<string>("SELECT TABLE_NAME AS [Value] FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_TYPE = 'BASE TABLE'").ToListAsync();
                Assert.True(tables.Count == 0, $"Tests would delete what is in {given}: {string.Join(", ", tables)}. Give them an empty database.");
            }
        }

        await Empty(_given);
        return _given;
    }

    public async ValueTask DisposeAsync()
    {
        SqlConnection.ClearAllPools();
        if (_given is not null)
            await Empty(_given);
        foreach (var name in _made)
        {
            await Alter(name, "SINGLE_USER WITH ROLLBACK IMMEDIATE");
            await OnTheServer($"DROP DATABASE [{name}]");
        }
    }

    /// <summary>Sets an option. Babelfish knows none, nor what these would change.</summary>
    private static async Task Alter(string name, string option)
    {
        try
        {
            await OnTheServer($"ALTER DATABASE [{name}] SET {option}");
        }
        catch (SqlException exception) when (exception.Number == NotSupportedByBabelfish)
        {
        }
    }

    private static async Task OnTheServer(string statement)
    {
        await using var server = new SqlConnection(new SqlConnectionStringBuilder(Server) { InitialCatalog = "master", Pooling = false }.ConnectionString);
        await server.OpenAsync();
        await using var command = new SqlCommand(statement, server);
        await command.ExecuteNonQueryAsync();
    }

    private static DbContext Open(string database) => new(new DbContextOptionsBuilder().UseSqlServer(database).Options);

    private static async Task Empty(string database)
    {
        await using var context = Open(database);
        foreach (var statements in new[]
        {
            """
            SELECT 'ALTER TABLE ' + QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME) + ' DROP CONSTRAINT ' + QUOTENAME(CONSTRAINT_NAME) AS [Value]
            FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS WHERE CONSTRAINT_TYPE = 'FOREIGN KEY'
            """,
            """
            SELECT 'DROP TABLE ' + QUOTENAME(TABLE_SCHEMA) + '.' + QUOTENAME(TABLE_NAME) AS [Value]
            FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_TYPE = 'BASE TABLE'
            """,
        })
        {
            foreach (var statement in await context.Database.SqlQueryRaw<string>(statements).ToListAsync())
                await context.Database.ExecuteSqlRawAsync(statement);
        }
    }
}
