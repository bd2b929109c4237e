using System.Data;
using MassTransit.EntityFrameworkCoreIntegration;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MassTransit.Configuration;

internal sealed class EntityFrameworkSagaRepositoryConfigurator<TSaga> : IEntityFrameworkSagaRepositoryConfigurator<TSaga>, ISpecification
    where TSaga : class, ISaga
{
    private Action<IServiceCollection>? _addDbContext;
    private Func<IQueryable<TSaga>, IQueryable<TSaga>>? _customizeQuery;
    private ConcurrencyMode _concurrencyMode = ConcurrencyMode.Pessimistic;
    private IsolationLevel _isolationLevel = IsolationLevel.ReadCommitted;
    private bool _useTransaction = true;
    private ILockStatementProvider _lockStatementProvider = new ConnectedLockStatementProvider();

    public ConcurrencyMode ConcurrencyMode { set => _concurrencyMode = value; }

    public IsolationLevel IsolationLevel { set => _isolationLevel = value; }

    public ILockStatementProvider LockStatementProvider { set => _lockStatementProvider = value; }

    public void SetOptimisticConcurrency(bool useTransaction = true) =>
        (_concurrencyMode, _useTransaction) = (ConcurrencyMode.Optimistic, useTransaction);

    public void CustomizeQuery(Func<IQueryable<TSaga>, IQueryable<TSaga>> queryCustomization) => _customizeQuery = queryCustomization;

    public void AddDbContext<TContext, TImplementation>(Action<IServiceProvider, DbContextOptionsBuilder<TImplementation>>? optionsAction = null)
        where TContext : DbContext
        where TImplementation : DbContext, TContext =>
        _addDbContext = services =>
        {
            services.AddDbContext<TContext, TImplementation>((provider, options) =>
                optionsAction?.Invoke(provider, (DbContextOptionsBuilder<TImplementation>)options));
            services.TryAddScoped<ISagaDbContextFactory<TSaga>, ScopedSagaDbContextFactory<TContext, TSaga>>();
        };

    public void DatabaseFactory(Func<DbContext> databaseFactory) => DatabaseFactory(_ => databaseFactory);

    public void DatabaseFactory(Func<IServiceProvider, Func<DbContext>> databaseFactory) =>
        _addDbContext = services => services.TryAddScoped<ISagaDbContextFactory<TSaga>>(
            provider => new DelegateSagaDbContextFactory<TSaga>(databaseFactory(provider)));

    public void ExistingDbContext<TContext>()
        where TContext : DbContext =>
        _addDbContext = services => services.TryAddScoped<ISagaDbContextFactory<TSaga>, ScopedSagaDbContextFactory<TContext, TSaga>>();

    public IEnumerable<ValidationResult> Validate()
    {
        if (_addDbContext is null)
            yield return this.Failure("DbContext", "must be specified: ExistingDbContext, AddDbContext or DatabaseFactory");
    }

    public void Register(ISagaRepositoryRegistrationConfigurator<TSaga> configurator)
    {
        _addDbContext!(configurator);
        configurator.TryAddSingleton(_concurrencyMode == ConcurrencyMode.Pessimistic
            ? new SagaLoader<TSaga>(_lockStatementProvider, _customizeQuery, _isolationLevel)
            : new SagaLoader<TSaga>(locks: null, _customizeQuery, _isolationLevel, _useTransaction));

        configurator.RegisterLoadSagaRepository<TSaga, EntityFrameworkSagaRepositoryContextFactory<TSaga>>();
        configurator.RegisterQuerySagaRepository<TSaga, EntityFrameworkSagaRepositoryContextFactory<TSaga>>();
        configurator.RegisterSagaRepository<TSaga, DbContext, SagaConsumeContextFactory<DbContext, TSaga>,
            EntityFrameworkSagaRepositoryContextFactory<TSaga>>();
    }
}
