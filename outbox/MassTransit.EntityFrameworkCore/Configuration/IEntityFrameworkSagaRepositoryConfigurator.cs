using System.Data;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;

namespace MassTransit;

/// <summary>Settings of a saga repository, whatever the saga.</summary>
public interface IEntityFrameworkSagaRepositoryConfigurator
{
    /// <summary>
    /// Pessimistic: the saga's row is locked while a message is consumed, so two messages of one saga follow one another.
    /// Optimistic: they run side by side, and the saga's concurrency token makes the later one fail; add a retry.
    /// </summary>
    ConcurrencyMode ConcurrencyMode { set; }

    /// <summary>Optimistic concurrency, with or without a transaction around the consumer.</summary>
    /// <param name="useTransaction">
    /// False: each SaveChanges is a transaction of its own, so what a consumer saves before it fails stays. It saves two round
    /// trips a message where the saga's row is all that is written. Without effect where the endpoint has an outbox.
    /// </param>
    void SetOptimisticConcurrency(bool useTransaction = true);

    /// <summary>Isolation of the transaction that the repository starts when the endpoint has no outbox. Default ReadCommitted.</summary>
    IsolationLevel IsolationLevel { set; }

    /// <summary>How rows are locked on the database in use; set by UsePostgres.</summary>
    ILockStatementProvider LockStatementProvider { set; }

    /// <summary>Adds the DbContext to the container and uses it.</summary>
    /// <typeparam name="TContext">The type that is resolved.</typeparam>
    /// <typeparam name="TImplementation">The type that is created.</typeparam>
    /// <param name="optionsAction">Options, the connection among them.</param>
    void AddDbContext<TContext, TImplementation>(Action<IServiceProvider, DbContextOptionsBuilder<TImplementation>>? optionsAction = null)
        where TContext : DbContext
        where TImplementation : DbContext, TContext;

    /// <summary>Creates the DbContext by a function.</summary>
    /// <param name="databaseFactory">Called for each message; its result is disposed after it.</param>
    void DatabaseFactory(Func<DbContext> databaseFactory);

    /// <summary>Creates the DbContext by a function that the container provides.</summary>
    /// <param name="databaseFactory">Called for each scope.</param>
    void DatabaseFactory(Func<IServiceProvider, Func<DbContext>> databaseFactory);

    /// <summary>Uses a DbContext that is in the container already: the one that the endpoint's outbox uses.</summary>
    /// <typeparam name="TContext">The DbContext.</typeparam>
    void ExistingDbContext<TContext>()
        where TContext : DbContext;
}

/// <summary>Settings of the repository of one saga.</summary>
/// <typeparam name="TSaga">The saga.</typeparam>
public interface IEntityFrameworkSagaRepositoryConfigurator<TSaga> : IEntityFrameworkSagaRepositoryConfigurator
    where TSaga : class, ISaga
{
    /// <summary>Changes the query that loads the saga, for example to include related rows.</summary>
    /// <param name="queryCustomization">Takes and returns the query.</param>
    void CustomizeQuery(Func<IQueryable<TSaga>, IQueryable<TSaga>> queryCustomization);
}
