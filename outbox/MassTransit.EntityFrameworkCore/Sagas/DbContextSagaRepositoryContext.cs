using MassTransit.Context;
using MassTransit.Logging;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Loads and stores one saga for one message, in the transaction that is open on the DbContext.</summary>
internal sealed class DbContextSagaRepositoryContext<TSaga, TMessage>(
    DbContext dbContext,
    ConsumeContext<TMessage> consumeContext,
    ISagaConsumeContextFactory<DbContext, TSaga> factory,
    SagaLoader<TSaga> loader)
    : ConsumeContextScope<TMessage>(consumeContext, dbContext), SagaRepositoryContext<TSaga, TMessage>
    where TSaga : class, ISaga
    where TMessage : class
{
    private readonly ConsumeContext<TMessage> _consumeContext = consumeContext;

    public Task<SagaConsumeContext<TSaga, TMessage>> Add(TSaga instance) =>
        CreateSagaConsumeContext(_consumeContext, instance, SagaConsumeContextMode.Add);

    /// <summary>Stores a new saga at once, before its message is consumed; null when it exists already.</summary>
    public async Task<SagaConsumeContext<TSaga, TMessage>?> Insert(TSaga instance)
    {
        var entry = dbContext.Add(instance);
        try
        {
            // Inside a transaction EF sets a savepoint, so a duplicate key costs the insert and not the transaction.
            await dbContext.SaveChangesAsync(CancellationToken);
        }
        catch (DbUpdateException exception)
        {
            entry.State = EntityState.Detached;
            _consumeContext.LogInsertFault<TSaga, TMessage>(exception, instance.CorrelationId);
            return null;
        }

        _consumeContext.LogInsert<TSaga, TMessage>(instance.CorrelationId);
        return await CreateSagaConsumeContext(_consumeContext, instance, SagaConsumeContextMode.Insert);
    }

    public async Task<SagaConsumeContext<TSaga, TMessage>?> Load(Guid correlationId) =>
        await loader.Load(dbContext, correlationId, CancellationToken) is { } saga
            ? await CreateSagaConsumeContext(_consumeContext, saga, SagaConsumeContextMode.Load)
            : null;

    public Task Save(SagaConsumeContext<TSaga> context)
    {
        dbContext.Add(context.Saga);
        return SaveNowOrLater(context, context.Saga);
    }

    public Task Update(SagaConsumeContext<TSaga> context) => SaveNowOrLater(context, context.Saga);

    public Task Delete(SagaConsumeContext<TSaga> context)
    {
        dbContext.Remove(context.Saga);
        return SaveNowOrLater(context, null);
    }

    public Task Discard(SagaConsumeContext<TSaga> context) => Task.CompletedTask;

    public Task Undo(SagaConsumeContext<TSaga> context)
    {
        dbContext.Entry(context.Saga).State = EntityState.Unchanged;
        return Task.CompletedTask;
    }

    public Task<SagaConsumeContext<TSaga, T>> CreateSagaConsumeContext<T>(ConsumeContext<T> consumeContext, TSaga instance, SagaConsumeContextMode mode)
        where T : class =>
        factory.CreateSagaConsumeContext(dbContext, consumeContext, instance, mode);

    private Task SaveNowOrLater(SagaConsumeContext<TSaga> context, TSaga? saga)
    {
        if (!_consumeContext.TryGetPayload<ISavedAtEnd>(out var transaction) || !transaction.IsSavedAtEnd)
            return dbContext.SaveOrEndAsync(CancellationToken);

        // For the saga's next message in the same transaction.
        ((ILocksTogether)dbContext).Locked.Keep(context.Saga.CorrelationId, saga);
        return Task.CompletedTask;
    }
}
