using System.Collections.Concurrent;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MassTransit.Configuration;

/// <summary>Puts one DbContext together from the maps of several sagas.</summary>
internal sealed class MappedSagaRepository : IEntityFrameworkSagaRepository
{
    private readonly ConcurrentDictionary<Type, ISagaClassMap> _maps = new();
    private readonly DbContextOptions _options;

    public MappedSagaRepository(Action<DbContextOptionsBuilder> configure)
    {
        var builder = new DbContextOptionsBuilder<MappedSagaDbContext>();
        configure(builder);
        _options = builder.Options;
    }

    public void AddSagaClassMap<TSaga>(ISagaClassMap<TSaga> sagaClassMap)
        where TSaga : class, ISaga
    {
        ArgumentNullException.ThrowIfNull(sagaClassMap);
        _maps.TryAdd(sagaClassMap.SagaType, sagaClassMap);
    }

    public DbContext GetDbContext() => new MappedSagaDbContext(_options, _maps.Values);

    private sealed class MappedSagaDbContext(DbContextOptions options, ICollection<ISagaClassMap> maps) : SagaDbContext(options)
    {
        protected override IEnumerable<ISagaClassMap> Configurations => maps;
    }
}

/// <summary>Maps a saga by a function.</summary>
internal sealed class ActionSagaClassMap<TSaga>(Action<EntityTypeBuilder<TSaga>>? configure) : SagaClassMap<TSaga>
    where TSaga : class, ISaga
{
    protected override void Configure(EntityTypeBuilder<TSaga> entity, ModelBuilder model) => configure?.Invoke(entity);
}
