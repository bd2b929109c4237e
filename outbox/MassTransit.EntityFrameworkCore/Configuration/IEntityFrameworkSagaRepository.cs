using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;

namespace MassTransit;

/// <summary>A DbContext for sagas whose model is put together while they are registered.</summary>
public interface IEntityFrameworkSagaRepository
{
    /// <summary>Adds a saga to the model; the first map of a saga counts.</summary>
    /// <typeparam name="TSaga">The saga.</typeparam>
    /// <param name="sagaClassMap">Its map.</param>
    void AddSagaClassMap<TSaga>(ISagaClassMap<TSaga> sagaClassMap)
        where TSaga : class, ISaga;

    /// <summary>Creates a DbContext with all sagas that were added; whoever asks for it disposes it.</summary>
    DbContext GetDbContext();
}
