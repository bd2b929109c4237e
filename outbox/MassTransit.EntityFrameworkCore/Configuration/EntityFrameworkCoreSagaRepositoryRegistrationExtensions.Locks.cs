using MassTransit.EntityFrameworkCoreIntegration;

namespace MassTransit;

public static partial class EntityFrameworkCoreSagaRepositoryRegistrationExtensions
{
    /// <summary>Locks rows the way PostgreSQL does.</summary>
    /// <typeparam name="T">The saga.</typeparam>
    /// <param name="configurator">The repository.</param>
    public static IEntityFrameworkSagaRepositoryConfigurator<T> UsePostgres<T>(this IEntityFrameworkSagaRepositoryConfigurator<T> configurator)
        where T : class, ISaga
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.LockStatementProvider = new PostgresLockStatementProvider();
        return configurator;
    }

    /// <summary>Locks rows the way PostgreSQL does.</summary>
    /// <typeparam name="T">The saga.</typeparam>
    /// <param name="configurator">The repository.</param>
    /// <param name="schemaName">The schema to use where the model names none.</param>
    public static IEntityFrameworkSagaRepositoryConfigurator<T> UsePostgres<T>(this IEntityFrameworkSagaRepositoryConfigurator<T> configurator,
        string schemaName)
        where T : class, ISaga
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(schemaName);
        configurator.LockStatementProvider = new PostgresLockStatementProvider(schemaName);
        return configurator;
    }

    /// <summary>Locks rows the way PostgreSQL does.</summary>
    /// <param name="configurator">The repository.</param>
    public static IEntityFrameworkSagaRepositoryConfigurator UsePostgres(this IEntityFrameworkSagaRepositoryConfigurator configurator)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.LockStatementProvider = new PostgresLockStatementProvider();
        return configurator;
    }

    /// <summary>Locks rows the way PostgreSQL does.</summary>
    /// <param name="configurator">The repository.</param>
    /// <param name="schemaName">The schema to use where the model names none.</param>
    public static IEntityFrameworkSagaRepositoryConfigurator UsePostgres(this IEntityFrameworkSagaRepositoryConfigurator configurator,
        string schemaName)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(schemaName);
        configurator.LockStatementProvider = new PostgresLockStatementProvider(schemaName);
        return configurator;
    }

    /// <summary>Locks rows the way SQL Server does.</summary>
    /// <typeparam name="T">The saga.</typeparam>
    /// <param name="configurator">The repository.</param>
    public static IEntityFrameworkSagaRepositoryConfigurator<T> UseSqlServer<T>(this IEntityFrameworkSagaRepositoryConfigurator<T> configurator)
        where T : class, ISaga
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.LockStatementProvider = new SqlServerLockStatementProvider();
        return configurator;
    }

    /// <summary>Locks rows the way SQL Server does.</summary>
    /// <typeparam name="T">The saga.</typeparam>
    /// <param name="configurator">The repository.</param>
    /// <param name="schemaName">The schema to use where the model names none.</param>
    public static IEntityFrameworkSagaRepositoryConfigurator<T> UseSqlServer<T>(this IEntityFrameworkSagaRepositoryConfigurator<T> configurator,
        string schemaName)
        where T : class, ISaga
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(schemaName);
        configurator.LockStatementProvider = new SqlServerLockStatementProvider(schemaName);
        return configurator;
    }

    /// <summary>Locks rows the way SQL Server does.</summary>
    /// <param name="configurator">The repository.</param>
    public static IEntityFrameworkSagaRepositoryConfigurator UseSqlServer(this IEntityFrameworkSagaRepositoryConfigurator configurator)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.LockStatementProvider = new SqlServerLockStatementProvider();
        return configurator;
    }

    /// <summary>Locks rows the way SQL Server does.</summary>
    /// <param name="configurator">The repository.</param>
    /// <param name="schemaName">The schema to use where the model names none.</param>
    public static IEntityFrameworkSagaRepositoryConfigurator UseSqlServer(this IEntityFrameworkSagaRepositoryConfigurator configurator,
        string schemaName)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(schemaName);
        configurator.LockStatementProvider = new SqlServerLockStatementProvider(schemaName);
        return configurator;
    }
}
