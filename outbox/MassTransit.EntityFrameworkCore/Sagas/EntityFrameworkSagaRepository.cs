using System.Data;
using MassTransit.Saga;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Makes saga repositories without a container.</summary>
/// <typeparam name="TSaga">The saga.</typeparam>
public static class EntityFrameworkSagaRepository<TSaga>
    where TSaga : class, ISaga
{
    /// <summary>Makes a repository in which the saga's concurrency token decides between two messages; add a retry to the endpoint.</summary>
    /// <param name="dbContextFactory">Creates the DbContext of one message.</param>
    /// <param name="queryCustomization">Changes the query that loads the saga, for example to include related rows.</param>
    /// <param name="isTransactionEnabled">False: each SaveChanges is a transaction of its own.</param>
    public static ISagaRepository<TSaga> CreateOptimistic(ISagaDbContextFactory<TSaga> dbContextFactory,
        Func<IQueryable<TSaga>, IQueryable<TSaga>>? queryCustomization = null, bool isTransactionEnabled = true) =>
        Create(dbContextFactory, new SagaLoader<TSaga>(locks: null, queryCustomization, IsolationLevel.ReadCommitted, isTransactionEnabled));

    /// <inheritdoc cref="CreateOptimistic(ISagaDbContextFactory{TSaga}, Func{IQueryable{TSaga}, IQueryable{TSaga}}?, bool)"/>
    public static ISagaRepository<TSaga> CreateOptimistic(Func<DbContext> dbContextFactory,
        Func<IQueryable<TSaga>, IQueryable<TSaga>>? queryCustomization = null, bool isTransactionEnabled = true) =>
        CreateOptimistic(new DelegateSagaDbContextFactory<TSaga>(dbContextFactory), queryCustomization, isTransactionEnabled);

    /// <summary>Makes a repository in which a message locks the saga's row, so that two messages of one saga follow one another.</summary>
    /// <param name="dbContextFactory">Creates the DbContext of one message.</param>
    /// <param name="lockStatementProvider">How rows are locked; null: as the database in use does it.</param>
    /// <param name="queryCustomization">Changes the query that loads the saga, for example to include related rows.</param>
    public static ISagaRepository<TSaga> CreatePessimistic(ISagaDbContextFactory<TSaga> dbContextFactory,
        ILockStatementProvider? lockStatementProvider = null, Func<IQueryable<TSaga>, IQueryable<TSaga>>? queryCustomization = null) =>
        Create(dbContextFactory, new SagaLoader<TSaga>(lockStatementProvider ?? new ConnectedLockStatementProvider(), queryCustomization, IsolationLevel.ReadCommitted));

    /// <inheritdoc cref="CreatePessimistic(ISagaDbContextFactory{TSaga}, ILockStatementProvider?, Func{IQueryable{TSaga}, IQueryable{TSaga}}?)"/>
    public static ISagaRepository<TSaga> CreatePessimistic(Func<DbContext> dbContextFactory,
        ILockStatementProvider? lockStatementProvider = null, Func<IQueryable<TSaga>, IQueryable<TSaga>>? queryCustomization = null) =>
        CreatePessimistic(new DelegateSagaDbContextFactory<TSaga>(dbContextFactory), lockStatementProvider, queryCustomization);

    private static SagaRepository<TSaga> Create(ISagaDbContextFactory<TSaga> dbContexts, SagaLoader<TSaga> loader)
    {
        var factory = new EntityFrameworkSagaRepositoryContextFactory<TSaga>(dbContexts, new SagaConsumeContextFactory<DbContext, TSaga>(), loader);
        return new SagaRepository<TSaga>(factory, factory, factory);
    }
}
