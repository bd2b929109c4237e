using MassTransit.Configuration;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MassTransit;

/// <summary>Keeps sagas in a DbContext.</summary>
public static partial class EntityFrameworkCoreSagaRepositoryRegistrationExtensions
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

    /// <summary>Keeps the saga in a DbContext that is put together from the sagas it is to keep.</summary>
    /// <typeparam name="TSaga">The saga.</typeparam>
    /// <param name="configurator">The saga's registration.</param>
    /// <param name="sagaRepository">The DbContext to be.</param>
    /// <param name="configure">Settings.</param>
    /// <param name="configureSagaMapping">Maps the saga's own properties.</param>
    public static ISagaRegistrationConfigurator<TSaga> EntityFrameworkRepository<TSaga>(this ISagaRegistrationConfigurator<TSaga> configurator,
        IEntityFrameworkSagaRepository sagaRepository, Action<IEntityFrameworkSagaRepositoryConfigurator<TSaga>>? configure = null,
        Action<EntityTypeBuilder<TSaga>>? configureSagaMapping = null)
        where TSaga : class, ISaga =>
        configurator.EntityFrameworkRepository(sagaRepository, configure, new ActionSagaClassMap<TSaga>(configureSagaMapping));

    /// <summary>Keeps the saga in a DbContext that is put together from the sagas it is to keep.</summary>
    /// <typeparam name="TSaga">The saga.</typeparam>
    /// <param name="configurator">The saga's registration.</param>
    /// <param name="sagaRepository">The DbContext to be.</param>
    /// <param name="configure">Settings.</param>
    /// <param name="sagaClassMap">The saga's map; null: by convention.</param>
    public static ISagaRegistrationConfigurator<TSaga> EntityFrameworkRepository<TSaga>(this ISagaRegistrationConfigurator<TSaga> configurator,
        IEntityFrameworkSagaRepository sagaRepository, Action<IEntityFrameworkSagaRepositoryConfigurator<TSaga>>? configure = null,
        ISagaClassMap<TSaga>? sagaClassMap = null)
        where TSaga : class, ISaga
    {
        ArgumentNullException.ThrowIfNull(sagaRepository);
        sagaRepository.AddSagaClassMap(sagaClassMap ?? new ActionSagaClassMap<TSaga>(null));
        return configurator.EntityFrameworkRepository(repository =>
        {
            repository.DatabaseFactory(sagaRepository.GetDbContext);
            configure?.Invoke(repository);
        });
    }

    /// <summary>Keeps the sagas behind job consumers in a DbContext.</summary>
    /// <param name="configurator">The job sagas' registration.</param>
    /// <param name="configure">Settings; name a DbContext.</param>
    public static IJobSagaRegistrationConfigurator EntityFrameworkRepository(this IJobSagaRegistrationConfigurator configurator,
        Action<IEntityFrameworkSagaRepositoryConfigurator>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.UseRepositoryRegistrationProvider(new EntityFrameworkSagaRepositoryRegistrationProvider(configure));
        return configurator;
    }

    /// <summary>Keeps every saga that names no repository of its own in a DbContext.</summary>
    /// <param name="configurator">The bus registration.</param>
    /// <param name="configure">Settings; name a DbContext.</param>
    public static void SetEntityFrameworkSagaRepositoryProvider(this IRegistrationConfigurator configurator,
        Action<IEntityFrameworkSagaRepositoryConfigurator> configure)
    {
        ArgumentNullException.ThrowIfNull(configurator);
        configurator.SetSagaRepositoryProvider(new EntityFrameworkSagaRepositoryRegistrationProvider(configure));
    }

    /// <summary>Starts a DbContext that is put together from the sagas it is to keep.</summary>
    /// <param name="registrationConfigurator">The bus registration.</param>
    /// <param name="configure">Options, the connection among them.</param>
    [Obsolete("MassTransit will remove it; write a SagaDbContext of your own.")]
    public static IEntityFrameworkSagaRepository CreateEntityFrameworkSagaRepository(this IRegistrationConfigurator registrationConfigurator,
        Action<DbContextOptionsBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return new MappedSagaRepository(configure);
    }
}
