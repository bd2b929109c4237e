using System.ComponentModel.DataAnnotations;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>Which database management system a service stores its data in.</summary>
public enum DatabaseKind
{
    /// <summary>PostgreSQL 15 or later.</summary>
    Postgres,
}

/// <summary>Configuration section <c>Database</c>.</summary>
public sealed class DatabaseOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Database";

    /// <summary>The database management system; the connection string has to fit it.</summary>
    public DatabaseKind Provider { get; init; } = DatabaseKind.Postgres;

    /// <summary>
    /// Most connections this process opens. Consumers hold one each while they work, requests too; the sum over all
    /// replicas must stay below what the server allows.
    /// </summary>
    [Range(2, 1000)]
    public int MaxPoolSize { get; init; } = 40;

    /// <summary>Seconds after which a statement is given up.</summary>
    [Range(1, 600)]
    public int CommandTimeout { get; init; } = 15;

    /// <summary>How long a starting service waits for its database before it gives up and ends.</summary>
    public TimeSpan StartupTimeout { get; init; } = TimeSpan.FromSeconds(60);
}
