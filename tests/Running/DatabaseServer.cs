using System.Reflection;
using Microsoft.EntityFrameworkCore;
using Xunit.Sdk;

namespace OrderSample.Tests.Running;

/// <summary>What a test keeps its data in.</summary>
public enum DatabaseServer
{
    /// <summary>Started for the tests.</summary>
    Postgres,

    /// <summary>That of the environment, see <see cref="SqlServerDatabases"/>.</summary>
    SqlServer,
}

/// <summary>Runs a theory on PostgreSQL.</summary>
/// <param name="data">Its further arguments.</param>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnPostgresAttribute(params object[] data) : DataAttribute
{
    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[DatabaseServer.Postgres, .. data]];
}

/// <summary>Runs a theory on SQL Server, where there is one.</summary>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class OnSqlServerAttribute : DataAttribute
{
    private readonly object[] _data;

    /// <param name="data">Its further arguments.</param>
    public OnSqlServerAttribute(params object[] data)
    {
        _data = data;
        Skip = SqlServerDatabases.WhyThereAreNone;
    }

    /// <inheritdoc/>
    public override IEnumerable<object[]> GetData(MethodInfo testMethod) => [[DatabaseServer.SqlServer, .. _data]];
}

/// <summary>How a test's database is used.</summary>
public static class DatabaseOfAPlace
{
    /// <summary>Most rows of a statement on SQL Server, as in <c>Database:MaxBatchSize</c>; null leaves it to EF Core.</summary>
    private static readonly string? MaxBatchSize = Environment.GetEnvironmentVariable("Database__MaxBatchSize");

    /// <summary>Points a DbContext at the test's database.</summary>
    public static DbContextOptionsBuilder<T> UseDatabaseOf<T>(this DbContextOptionsBuilder<T> options, Place place)
        where T : DbContext
    {
        var size = MaxBatchSize is null ? (int?)null : int.Parse(MaxBatchSize, System.Globalization.CultureInfo.InvariantCulture);
        if (place.On == DatabaseServer.SqlServer)
            options.UseSqlServer(place.Database, server => _ = size is null ? server : server.MaxBatchSize(size.Value));
        else
            options.UseNpgsql(place.Database);
        return options;
    }

    /// <summary>The same in a service's configuration.</summary>
    /// <param name="place">The test's place.</param>
    /// <param name="connectionName">What the service calls its database.</param>
    public static Dictionary<string, string?> DatabaseSettings(this Place place, string connectionName) => new()
    {
        [$"ConnectionStrings:{connectionName}"] = place.Database,
        ["Database:Provider"] = $"{place.On}",
        ["Database:MaxPoolSize"] = "20",
        ["Database:MaxBatchSize"] = MaxBatchSize,
    };
}
