using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>Everything in which one database management system differs from another. One implementation for each.</summary>
public interface IDatabaseProvider
{
    /// <summary>Points a DbContext at the service's database.</summary>
    /// <param name="options">The context's options.</param>
    void Configure(DbContextOptionsBuilder options);

    /// <summary>Sets how outbox and inbox rows are locked.</summary>
    /// <param name="outbox">The outbox's settings.</param>
    void Configure(IEntityFrameworkOutboxConfigurator outbox);

    /// <summary>Sets how a saga's row is locked.</summary>
    /// <typeparam name="TSaga">The saga's state.</typeparam>
    /// <param name="repository">The saga repository's settings.</param>
    void Configure<TSaga>(IEntityFrameworkSagaRepositoryConfigurator<TSaga> repository)
        where TSaga : class, ISaga;

    /// <summary>Waits until this process alone may change the schema.</summary>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The lock, held until disposed of; the server frees it when the process dies.</returns>
    Task<IAsyncDisposable> LockSchemaAsync(CancellationToken cancellationToken);

    /// <summary>Brings the schema up to date. It takes as long as it takes, and so does the wait for each lock.</summary>
    /// <param name="schema">The service's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task MigrateAsync(DatabaseFacade schema, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(schema);
        return schema.MigrateAsync(cancellationToken);
    }

    /// <summary>Saves what was added to a DbContext, and nothing else, in one transaction; in as few round trips as the database allows.</summary>
    /// <param name="context">Nothing that it tracks was changed.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="DbUpdateException">A row was refused, and none is stored.</exception>
    Task SaveAddedAsync(DbContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(context);
        return context.SaveChangesAsync(cancellationToken);
    }

    /// <summary>Whether a row was refused because its key is taken: somebody else has done the same thing.</summary>
    /// <param name="exception">What was thrown, possibly wrapped.</param>
    bool IsUniqueViolation(Exception exception);

    /// <summary>
    /// Whether a key, a reference or a check refused a row. It may have been made from data that has changed since; done again
    /// from its start, the work may succeed.
    /// </summary>
    /// <param name="exception">What was thrown, possibly wrapped.</param>
    bool IsConstraintViolation(Exception exception);

    /// <summary>
    /// Whether the same work may succeed when done again from its start: deadlock, lost connection, a database that is there and
    /// can't be used (read-only, its password changed, missing). The one place that says so: a request is answered with 503, a message
    /// comes again.
    /// </summary>
    /// <param name="exception">What was thrown, possibly wrapped.</param>
    bool IsTransient(Exception exception);

    /// <summary>Whether the database can be written to, for the readiness probe. Reading is not enough: a copy after a failover can be read.</summary>
    /// <param name="context">Of the service.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task<bool> IsWritableAsync(DbContext context, CancellationToken cancellationToken);

    /// <summary>Whether a message's work is done again at once after this, in a new transaction.</summary>
    /// <param name="exception">What was thrown, possibly wrapped.</param>
    bool IsWorthAnotherTry(Exception exception) => IsTransient(exception) || IsConstraintViolation(exception);
}
