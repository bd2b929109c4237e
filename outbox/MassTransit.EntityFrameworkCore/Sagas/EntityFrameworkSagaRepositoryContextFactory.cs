using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Gives a saga its messages within a transaction: the one of the endpoint's outbox where it has one, otherwise one of its own.
/// </summary>
internal sealed class EntityFrameworkSagaRepositoryContextFactory<TSaga>(
    ISagaDbContextFactory<TSaga> dbContexts,
    ISagaConsumeContextFactory<DbContext, TSaga> consumeContexts,
    SagaLoader<TSaga> loader)
    : ISagaRepositoryContextFactory<TSaga>, IQuerySagaRepositoryContextFactory<TSaga>, ILoadSagaRepositoryContextFactory<TSaga>
    where TSaga : class, ISaga
{
    public Task Send<T>(ConsumeContext<T> context, IPipe<SagaRepositoryContext<TSaga, T>> next)
        where T : class =>
        InTransaction(context, dbContext =>
            next.Send(new DbContextSagaRepositoryContext<TSaga, T>(dbContext, context, consumeContexts, loader)));

    public Task SendQuery<T>(ConsumeContext<T> context, ISagaQuery<TSaga> query, IPipe<SagaRepositoryQueryContext<TSaga, T>> next)
        where T : class =>
        InTransaction(context, async dbContext =>
        {
            var sagas = await loader.Load(dbContext, query, context.CancellationToken);
            var repository = new DbContextSagaRepositoryContext<TSaga, T>(dbContext, context, consumeContexts, loader);
            await next.Send(new LoadedSagaRepositoryQueryContext<TSaga, T>(repository, sagas));
        });

    public Task<T> Execute<T>(Func<LoadSagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default)
        where T : class =>
        Read(asyncMethod, cancellationToken);

    public Task<T> Execute<T>(Func<QuerySagaRepositoryContext<TSaga>, Task<T>> asyncMethod, CancellationToken cancellationToken = default)
        where T : class =>
        Read(asyncMethod, cancellationToken);

    public void Probe(ProbeContext context) => context.Add("persistence", "entityFrameworkCore");

    private async Task<T> Read<T>(Func<ReadOnlySagaRepositoryContext<TSaga>, Task<T>> read, CancellationToken cancellationToken)
    {
        var dbContext = dbContexts.Create();
        try
        {
            return await read(new ReadOnlySagaRepositoryContext<TSaga>(dbContext, cancellationToken));
        }
        finally
        {
            await dbContexts.ReleaseAsync(dbContext);
        }
    }

    private async Task InTransaction<T>(ConsumeContext<T> context, Func<DbContext, Task> consume)
        where T : class
    {
        var dbContext = dbContexts.CreateScoped(context);
        try
        {
            if (!loader.UsesTransaction || context.TryGetPayload<DbTransactionContext>(out _))
            {
                await consume(dbContext);
                return;
            }

            var strategy = dbContext.Database.CreateExecutionStrategy();
            var attempts = 0;
            await strategy.ExecuteAsync(async () =>
            {
                if (attempts++ > 0)
                    dbContext.ChangeTracker.Clear();
                await using var transaction = await dbContext.Database.BeginTransactionAsync(loader.IsolationLevel, context.CancellationToken);
                await consume(dbContext);
                await transaction.CommitAsync(context.CancellationToken);
            });
        }
        finally
        {
            await dbContexts.ReleaseAsync(dbContext);
        }
    }
}
