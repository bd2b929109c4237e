using System.Transactions;
using MassTransit.Clients;
using MassTransit.DependencyInjection;
using MassTransit.Middleware;
using MassTransit.Middleware.Outbox;
using MassTransit.Transports;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Stores what a scope sends or publishes with its DbContext's next SaveChanges, and hands it to the delivery when that
/// is committed: at once without a transaction of the caller's own, otherwise when the scope ends.
/// </summary>
internal sealed class BusOutboxContext<TBus, TDbContext> : ScopedBusContext, OutboxSendContext, IDisposable
    where TBus : class, IBus
    where TDbContext : DbContext
{
    private readonly TDbContext _dbContext;
    private readonly OutboxDelivery<TDbContext> _delivery;
    private readonly EntityFrameworkOutboxOptions<TDbContext> _options;
    private readonly TimeProvider _time;
    private readonly IServiceProvider _provider;
    private readonly Lock _lock = new();
    private readonly List<OutboxMessage> _dueAtOnce = [];
    private readonly List<long> _maybeCommitted = [];
    private readonly Lazy<ISendEndpointProvider> _sendEndpointProvider;
    private readonly Lazy<IPublishEndpoint> _publishEndpoint;
    private readonly Lazy<IScopedClientFactory> _clientFactory;

    public BusOutboxContext(IServiceProvider provider, IClientFactory clientFactory, ForwardedContext forwarded, TBus bus, TDbContext dbContext,
        OutboxDelivery<TDbContext> delivery, EntityFrameworkOutboxOptions<TDbContext> options, TimeProvider time)
    {
        _provider = provider;
        _dbContext = dbContext;
        _delivery = delivery;
        _options = options;
        _time = time;
        _dbContext.SavedChanges += OnSaved;

        var consumeContext = forwarded.ConsumeContext;
        _sendEndpointProvider = new(() => new OutboxSendEndpointProvider(this,
            consumeContext is null ? bus : new ScopedConsumeSendEndpointProvider(bus, consumeContext, provider)));
        _publishEndpoint = new(() => new PublishEndpoint(new OutboxPublishEndpointProvider(this,
            consumeContext is null ? bus : new ScopedConsumePublishEndpointProvider(bus, consumeContext, provider))));
        _clientFactory = new(() => new ScopedClientFactory(
            new ClientFactory(new ScopedClientFactoryContext(clientFactory, provider)), consumeContext));
    }

    public ISendEndpointProvider SendEndpointProvider => _sendEndpointProvider.Value;

    public IPublishEndpoint PublishEndpoint => _publishEndpoint.Value;

    public IScopedClientFactory ClientFactory => _clientFactory.Value;

    public object? GetService(Type serviceType) => _provider.GetService(serviceType);

    public Task AddSend<T>(SendContext<T> context)
        where T : class
    {
        var message = OutboxMessageFactory.Create(context, _time.GetUtcNow().UtcDateTime, _options.Lease);
        lock (_lock)
        {
            _dbContext.Add(message);
            if (OutboxMessageFactory.IsDueAtOnce(context))
                _dueAtOnce.Add(message);
        }

        return Task.CompletedTask;
    }

    public void Dispose()
    {
        _dbContext.SavedChanges -= OnSaved;
        _delivery.MaybeCommitted(_maybeCommitted);
    }

    private void OnSaved(object? sender, SavedChangesEventArgs e)
    {
        lock (_lock)
        {
            var saved = _dueAtOnce.FindAll(x => _dbContext.Entry(x).State == EntityState.Unchanged);
            if (saved.Count == 0)
                return;
            _dueAtOnce.RemoveAll(saved.Contains);

            // Inside somebody's transaction nothing is committed yet, and may never be.
            if (_dbContext.Database.CurrentTransaction is null && Transaction.Current is null)
                _delivery.Committed(saved);
            else
                _maybeCommitted.AddRange(saved.Select(x => x.SequenceNumber));
        }
    }
}
