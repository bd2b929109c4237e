using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Configuration;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>Which database management system a service stores its data in.</summary>
public enum DatabaseKind
{
    /// <summary>PostgreSQL 15 or later.</summary>
    Postgres,

    /// <summary>Microsoft SQL Server 2017 or later, or one that speaks its language.</summary>
    SqlServer,
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

    /// <summary>Seconds after which a statement is given up. PostgreSQL gives up waiting for a lock a second later, should this process hang and not do it.</summary>
    [Range(1, 600)]
    public int CommandTimeout { get; init; } = 15;

    /// <summary>
    /// How long a transaction may stand still, waiting for this process: then the server ends it, and what it has locked is free. So a process that hangs
    /// in the middle of a message holds up nobody for longer. No work between two statements of a transaction may take as long; a debugger may need more.
    /// PostgreSQL only: SQL Server has no such limit, and keeps the locks of a process that hangs until it goes on or ends.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan IdleInTransactionTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Most rows that go to the database in one statement or batch; null: 1,000 on PostgreSQL, elsewhere as many as EF Core chooses. 1 suits servers that speak
    /// SQL Server's language but know no MERGE, with which EF Core inserts several rows at once there.
    /// </summary>
    [Range(1, 1000)]
    public int? MaxBatchSize { get; init; }

    /// <summary>How long a starting service tries to reach its database before it gives up and ends. Migrations, its own and those of another replica, take as long as they take.</summary>
    public TimeSpan StartupTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Reads the section.</summary>
    /// <param name="configuration">All of the configuration.</param>
    /// <exception cref="InvalidOperationException">A value is unknown or out of its range; the message names it, and what it may be.</exception>
    public static DatabaseOptions Read(IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration.GetSection(Section);
        var known = Enum.GetNames<DatabaseKind>();
        if (section[nameof(Provider)] is { } provider && !known.Contains(provider, StringComparer.OrdinalIgnoreCase))
            throw new InvalidOperationException($"{Section}:{nameof(Provider)} is '{provider}'; it must be one of {string.Join(", ", known)}.");

        var options = section.Get<DatabaseOptions>() ?? new DatabaseOptions();
        var problems = new List<ValidationResult>();
        if (!Validator.TryValidateObject(options, new ValidationContext(options), problems, validateAllProperties: true))
            throw new InvalidOperationException($"{Section}: {string.Join(" ", problems.Select(problem => problem.ErrorMessage))}");
        return options;
    }
}
