using MassTransit.Configuration;
using MassTransit.EntityFrameworkCoreIntegration;

namespace MassTransit;

/// <summary>Keeps sagas in a DbContext.</summary>
public static class EntityFrameworkCoreSagaRepositoryRegistrationExtensions
{
    /// <summary>Keeps the saga in a DbContext.</summary>
    /// <typeparam name="TSaga">The saga.</typeparam>
    /// <param name="configurator">The saga's registration.</param>
    /// <param name="configure">Settings; name a DbContext.</param>
    /// <exception cref="ConfigurationException">No DbContext was named.</exception>
    public static ISagaRegistrationConfigurator<TSaga> EntityFrameworkRepository<TSaga>(
        this ISagaRegistrationConfigurator<TSaga> configurator, Action<IEntityFrameworkSagaRepositoryConfigurator<TSaga>> configure)
        where TSaga : class, ISaga
    {
        var repository = new EntityFrameworkSagaRepositoryConfigurator<TSaga>();
        configure?.Invoke(repository);
        repository.Validate().ThrowIfContainsFailure("The Entity Framework saga repository configuration is invalid:");
        configurator.Repository(repository.Register);
        return configurator;
    }

    /// <summary>Locks rows the way PostgreSQL does.</summary>
    /// <typeparam name="T">The saga.</typeparam>
    /// <param name="configurator">The repository.</param>
    public static IEntityFrameworkSagaRepositoryConfigurator<T> UsePostgres<T>(this IEntityFrameworkSagaRepositoryConfigurator<T> configurator)
        where T : class, ISaga
    {
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
        configurator.LockStatementProvider = new PostgresLockStatementProvider(schemaName);
        return configurator;
    }

    /// <summary>Locks rows the way SQL Server does.</summary>
    /// <typeparam name="T">The saga.</typeparam>
    /// <param name="configurator">The repository.</param>
    public static IEntityFrameworkSagaRepositoryConfigurator<T> UseSqlServer<T>(this IEntityFrameworkSagaRepositoryConfigurator<T> configurator)
        where T : class, ISaga
    {
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
        configurator.LockStatementProvider = new SqlServerLockStatementProvider(schemaName);
        return configurator;
    }
}
