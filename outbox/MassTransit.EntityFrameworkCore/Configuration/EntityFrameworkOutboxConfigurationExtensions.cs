using MassTransit.Configuration;
using MassTransit.DependencyInjection;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit;

/// <summary>Configures the transactional outbox and inbox on the bus, its endpoints and the model.</summary>
public static partial class EntityFrameworkOutboxConfigurationExtensions
{
    /// <summary>
    /// Adds the outbox and inbox of a DbContext: what receive endpoints need to use them, the delivery of stored
    /// messages, and the clean-up of old inbox rows.
    /// </summary>
    /// <typeparam name="TDbContext">The service's own DbContext, with the entities of AddTransactionalOutboxEntities.</typeparam>
    /// <param name="configurator">The bus registration.</param>
    /// <param name="configure">Settings.</param>
    public static void AddEntityFrameworkOutbox<TDbContext>(this IBusRegistrationConfigurator configurator,
        Action<IEntityFrameworkOutboxConfigurator>? configure = null)
        where TDbContext : DbContext
    {
        var outbox = new EntityFrameworkOutboxConfigurator<TDbContext>(configurator);
        configure?.Invoke(outbox);
        outbox.Register();
    }

    /// <summary>
    /// Consumes every message of the endpoint in one transaction with its inbox row, the consumer's work on
    /// <typeparamref name="TDbContext"/> and the messages it sends. Those go to the broker after the commit.
    /// </summary>
    /// <typeparam name="TDbContext">The DbContext given to AddEntityFrameworkOutbox.</typeparam>
    /// <param name="configurator">The receive endpoint; add retries before, so that each starts a transaction of its own.</param>
    /// <param name="context">The bus registration context.</param>
    /// <param name="configure">Settings.</param>
    public static void UseEntityFrameworkOutbox<TDbContext>(this IReceiveEndpointConfigurator configurator,
        IRegistrationContext context, Action<IOutboxOptionsConfigurator>? configure = null)
        where TDbContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(context);

        var observer = new OutboxConsumePipeSpecificationObserver<TDbContext>(configurator, context);
        configure?.Invoke(observer);
        configurator.ConnectConsumerConfigurationObserver(observer);
        configurator.ConnectSagaConfigurationObserver(observer);
    }

    /// <summary>
    /// Lets messages of the endpoint that arrive together share a transaction: one commit and a handful of statements for all.
    /// Their consumers run one after the other on one DbContext, and only change tracked entities; what they change and send
    /// is saved at the end; they run no statements that change the same rows. When one fails, each gets a transaction of its own. Not in the official package.
    /// </summary>
    /// <typeparam name="TDbContext">The DbContext given to AddEntityFrameworkOutbox, which has to allow ShareTransactions.</typeparam>
    /// <param name="configurator">The receive endpoint, with UseEntityFrameworkOutbox.</param>
    /// <param name="context">The bus registration context.</param>
    /// <param name="limit">Most messages in a transaction.</param>
    /// <param name="atOnce">Transactions at a time.</param>
    public static void UseSharedTransactions<TDbContext>(this IReceiveEndpointConfigurator configurator,
        IRegistrationContext context, int limit, int atOnce = 1)
        where TDbContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(atOnce, 1);

        context.GetRequiredService<SharedTransactions<TDbContext>>().Add(configurator.InputAddress, limit, atOnce);
    }

    /// <summary>Does the same for an endpoint that is configured without a registration context.</summary>
    /// <typeparam name="TDbContext">The DbContext given to AddEntityFrameworkOutbox.</typeparam>
    /// <param name="configurator">The receive endpoint.</param>
    /// <param name="provider">The container.</param>
    /// <param name="configure">Settings.</param>
    [Obsolete("Use the overload with the registration context.")]
    public static void UseEntityFrameworkOutbox<TDbContext>(this IReceiveEndpointConfigurator configurator,
        IServiceProvider provider, Action<IOutboxOptionsConfigurator>? configure = null)
        where TDbContext : DbContext
    {
        ArgumentNullException.ThrowIfNull(configurator);
        ArgumentNullException.ThrowIfNull(provider);

        var observer = new OutboxConsumePipeSpecificationObserver<TDbContext>(configurator, provider, LegacySetScopedConsumeContext.Instance);
        configure?.Invoke(observer);
        configurator.ConnectConsumerConfigurationObserver(observer);
        configurator.ConnectSagaConfigurationObserver(observer);
    }

    /// <summary>Locks rows the way PostgreSQL does.</summary>
    /// <param name="configurator">The outbox.</param>
    /// <param name="enableSchemaCaching">False when several DbContexts map one type to different tables.</param>
    public static IEntityFrameworkOutboxConfigurator UsePostgres(this IEntityFrameworkOutboxConfigurator configurator,
        bool enableSchemaCaching)
    {
        configurator.LockStatementProvider = new PostgresLockStatementProvider(enableSchemaCaching);
        return configurator;
    }

    /// <summary>Locks rows the way PostgreSQL does.</summary>
    /// <param name="configurator">The outbox.</param>
    public static IEntityFrameworkOutboxConfigurator UsePostgres(this IEntityFrameworkOutboxConfigurator configurator) =>
        configurator.UsePostgres(enableSchemaCaching: true);

    /// <summary>Locks rows the way SQL Server does.</summary>
    /// <param name="configurator">The outbox.</param>
    /// <param name="enableSchemaCaching">False when several DbContexts map one type to different tables.</param>
    public static IEntityFrameworkOutboxConfigurator UseSqlServer(this IEntityFrameworkOutboxConfigurator configurator,
        bool enableSchemaCaching)
    {
        configurator.LockStatementProvider = new SqlServerLockStatementProvider(enableSchemaCaching);
        return configurator;
    }

    /// <summary>Locks rows the way SQL Server does.</summary>
    /// <param name="configurator">The outbox.</param>
    public static IEntityFrameworkOutboxConfigurator UseSqlServer(this IEntityFrameworkOutboxConfigurator configurator) =>
        configurator.UseSqlServer(enableSchemaCaching: true);
}
