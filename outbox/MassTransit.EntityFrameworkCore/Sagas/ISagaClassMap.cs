using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Maps a saga to tables.</summary>
public interface ISagaClassMap
{
    /// <summary>The saga.</summary>
    Type SagaType { get; }

    /// <summary>Adds the saga to a model.</summary>
    /// <param name="model">The model.</param>
    void Configure(ModelBuilder model);
}

/// <summary>Maps a saga to tables.</summary>
/// <typeparam name="TSaga">The saga.</typeparam>
public interface ISagaClassMap<TSaga> : ISagaClassMap
    where TSaga : class, ISaga;
