namespace MassTransit.Configuration;

/// <summary>Gives every saga that names no repository of its own one in a DbContext.</summary>
/// <param name="configure">Settings; name a DbContext.</param>
public class EntityFrameworkSagaRepositoryRegistrationProvider(Action<IEntityFrameworkSagaRepositoryConfigurator>? configure)
    : ISagaRepositoryRegistrationProvider
{
    /// <inheritdoc/>
    public void Configure<TSaga>(ISagaRegistrationConfigurator<TSaga> configurator)
        where TSaga : class, ISaga =>
        configurator.EntityFrameworkRepository(repository => configure?.Invoke(repository));
}
