namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Writes locking statements for SQL Server.</summary>
public class SqlServerLockStatementProvider : SqlLockStatementProvider
{
    /// <summary>Uses the login's default schema where the model names none.</summary>
    /// <param name="enableSchemaCaching">False when several DbContexts map one type to different tables.</param>
    /// <param name="serializable">True to lock also the place where a missing row would be.</param>
    public SqlServerLockStatementProvider(bool enableSchemaCaching = true, bool serializable = false)
        : base(new SqlServerLockStatementFormatter(serializable), enableSchemaCaching)
    {
    }

    /// <summary>Uses a schema of your own where the model names none.</summary>
    /// <param name="schemaName">The schema.</param>
    /// <param name="enableSchemaCaching">False when several DbContexts map one type to different tables.</param>
    /// <param name="serializable">True to lock also the place where a missing row would be.</param>
    public SqlServerLockStatementProvider(string schemaName, bool enableSchemaCaching = true, bool serializable = false)
        : base(schemaName, new SqlServerLockStatementFormatter(serializable), enableSchemaCaching)
    {
    }
}
