namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Writes locking statements for PostgreSQL.</summary>
public class PostgresLockStatementProvider : SqlLockStatementProvider
{
    /// <summary>Uses the connection's search path where the model names no schema.</summary>
    /// <param name="enableSchemaCaching">False when several DbContexts map one type to different tables.</param>
    public PostgresLockStatementProvider(bool enableSchemaCaching = true)
        : base(new PostgresLockStatementFormatter(), enableSchemaCaching)
    {
    }

    /// <summary>Uses a schema of your own where the model names none.</summary>
    /// <param name="schemaName">The schema.</param>
    /// <param name="enableSchemaCaching">False when several DbContexts map one type to different tables.</param>
    public PostgresLockStatementProvider(string schemaName, bool enableSchemaCaching = true)
        : base(schemaName, new PostgresLockStatementFormatter(), enableSchemaCaching)
    {
    }
}
