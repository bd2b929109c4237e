using System.Data;
using MassTransit.EntityFrameworkCoreIntegration;

namespace MassTransit;

/// <summary>Settings of the transactional outbox and inbox of one DbContext.</summary>
public interface IEntityFrameworkOutboxConfigurator : ITransactionalOutboxConfigurator
{
    /// <summary>How long the inbox remembers a message id. Default 30 minutes.</summary>
    TimeSpan DuplicateDetectionWindow { set; }

    /// <summary>
    /// Isolation of the transaction a message is consumed in. Default <see cref="IsolationLevel.ReadCommitted"/>:
    /// the inbox's unique key and the saga's row lock order what must be ordered, without serialization failures.
    /// </summary>
    IsolationLevel IsolationLevel { set; }

    /// <summary>How rows are locked on the database in use; set by UsePostgres.</summary>
    ILockStatementProvider LockStatementProvider { set; }

    /// <summary>How long the sweeper rests when it found no due row; the precision of scheduled messages. Default 1 second.</summary>
    TimeSpan QueryDelay { set; }

    /// <summary>How many rows the sweeper claims, and the clean-up deletes, in one statement. Default 500.</summary>
    int QueryMessageLimit { set; }

    /// <summary>Time limit of one statement of the sweeper and the clean-up. Default 30 seconds.</summary>
    TimeSpan QueryTimeout { set; }

    /// <summary>
    /// Allows endpoints to consume several messages in one transaction; each one that does says so by UseSharedTransactions.
    /// The DbContext must be registered before the outbox, and implement <see cref="ILocksTogether"/>. Not in the official package.
    /// </summary>
    void ShareTransactions();

    /// <summary>Keeps this process from deleting old inbox rows.</summary>
    void DisableInboxCleanupService();

    /// <summary>
    /// Makes <see cref="IPublishEndpoint"/> and <see cref="ISendEndpointProvider"/>, resolved outside of a consumer, store
    /// messages with the DbContext's next SaveChanges instead of sending them at once.
    /// </summary>
    /// <param name="configure">Settings of the delivery.</param>
    void UseBusOutbox(Action<IEntityFrameworkBusOutboxConfigurator>? configure = null);
}
