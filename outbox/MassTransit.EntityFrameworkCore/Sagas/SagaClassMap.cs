using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MassTransit;

/// <summary>Maps a saga: its CorrelationId is the key, set by the application.</summary>
/// <typeparam name="TSaga">The saga.</typeparam>
public abstract class SagaClassMap<TSaga> : ISagaClassMap<TSaga>
    where TSaga : class, ISaga
{
    /// <inheritdoc/>
    public Type SagaType => typeof(TSaga);

    /// <inheritdoc/>
    public virtual void Configure(ModelBuilder model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var entity = model.Entity<TSaga>();
        ConfigureCorrelationIdKey(entity.HasKey(x => x.CorrelationId));
        entity.Property(x => x.CorrelationId).ValueGeneratedNever();
        Configure(entity, model);
    }

    /// <summary>Maps the saga's own properties.</summary>
    /// <param name="entity">The saga.</param>
    /// <param name="model">The model.</param>
    protected virtual void Configure(EntityTypeBuilder<TSaga> entity, ModelBuilder model)
    {
    }

    /// <summary>Changes the primary key, for example its clustering.</summary>
    /// <param name="keyBuilder">The key on CorrelationId.</param>
    protected virtual KeyBuilder ConfigureCorrelationIdKey(KeyBuilder keyBuilder) => keyBuilder;
}
