using System.Data;
using MassTransit.DependencyInjection;
using MassTransit.EntityFrameworkCoreIntegration;
using MassTransit.Middleware;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace MassTransit.Configuration;

internal sealed class EntityFrameworkOutboxConfigurator<TDbContext>(IBusRegistrationConfigurator configurator)
    : IEntityFrameworkOutboxConfigurator, IEntityFrameworkBusOutboxConfigurator
    where TDbContext : DbContext
{
    private readonly EntityFrameworkOutboxOptions<TDbContext> _options = new();
    private bool _cleanUpInbox = true;
    private bool _deliver = true;
    private bool _shareTransactions;

    public TimeSpan DuplicateDetectionWindow { set => _options.DuplicateDetectionWindow = value; }

    public IsolationLevel IsolationLevel { set => _options.IsolationLevel = value; }

    public ILockStatementProvider LockStatementProvider
    {
        set => _options.LockStatementProvider = value ?? throw new ConfigurationException("LockStatementProvider must not be null");
    }

    public TimeSpan QueryDelay { set => _options.QueryDelay = value; }

    public int QueryMessageLimit { set => _options.QueryMessageLimit = value; }

    public TimeSpan QueryTimeout { set => _options.QueryTimeout = value; }

    public int MessageDeliveryLimit { set => _options.MessageDeliveryLimit = value; }

    public TimeSpan MessageDeliveryTimeout
    {
        get => _options.MessageDeliveryTimeout;
        set => _options.MessageDeliveryTimeout = value;
    }

    public int MaxDeliveryAttempts { set => _options.MaxDeliveryAttempts = value; }

    public TimeSpan FirstRetryDelay { set => _options.FirstRetryDelay = value; }

    public TimeSpan LongestRetryDelay { set => _options.LongestRetryDelay = value; }

    public void DisableInboxCleanupService() => _cleanUpInbox = false;

    public void DisableDeliveryService() => _deliver = false;

    public void ShareTransactions() => _shareTransactions = true;

    public void UseBusOutbox(Action<IEntityFrameworkBusOutboxConfigurator>? configure = null)
    {
        configure?.Invoke(this);
        configurator.ReplaceScoped<IScopedBusContextProvider<IBus>, BusOutboxContextProvider<IBus, TDbContext>>();
    }

    public void Register()
    {
        configurator.TryAddSingleton(TimeProvider.System);
        configurator.TryAddSingleton(_options);
        configurator.TryAddSingleton<OutboxTable<TDbContext>>();
        configurator.TryAddSingleton<InboxTable<TDbContext>>();
        configurator.TryAddSingleton<OutboxDelivery<TDbContext>>();
        configurator.TryAddScoped<IOutboxContextFactory<TDbContext>, InboxOutboxContextFactory<TDbContext>>();

        if (_shareTransactions)
        {
            configurator.TryAddSingleton<FinalSave<TDbContext>>();
            configurator.TryAddSingleton<SharedTransactions<TDbContext>>();
            SharedDbContext<TDbContext>.Register(configurator);
        }

        // The consumer outbox stores messages too, so they are delivered with or without the bus outbox.
        if (_deliver)
        {
            configurator.TryAddSingleton<OutboxDeliveryState>();
            configurator.TryAddSingleton(IMessagePublisher.For);
            configurator.AddHostedService<OutboxDeliveryService<TDbContext>>();
            configurator.AddHostedService<OutboxSweeper<TDbContext>>();
        }

        if (_cleanUpInbox)
            configurator.AddHostedService<InboxCleanupService<TDbContext>>();
    }
}
