using MassTransit.DependencyInjection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Decides what IPublishEndpoint and ISendEndpointProvider mean in a scope: inside a consumer they are the consume
/// context's own, elsewhere they store messages with the scope's DbContext.
/// </summary>
internal sealed class BusOutboxContextProvider<TBus, TDbContext> : IScopedBusContextProvider<TBus>, IDisposable
    where TBus : class, IBus
    where TDbContext : DbContext
{
    private readonly BusOutboxContext<TBus, TDbContext>? _outbox;

    public BusOutboxContextProvider(IServiceProvider provider, Bind<TBus, IClientFactory> clientFactory,
        Bind<TBus, IScopedConsumeContextProvider> busConsumeContext, IScopedConsumeContextProvider anyConsumeContext)
    {
        if (busConsumeContext.Value.HasContext)
        {
            Context = new ConsumeContextScopedBusContext(busConsumeContext.Value.GetContext(), clientFactory.Value);
            return;
        }

        // A consumer of another bus: its headers are passed on, but the message goes by this bus's outbox.
        var consumeContext = anyConsumeContext.HasContext ? anyConsumeContext.GetContext() : null;
        _outbox = ActivatorUtilities.CreateInstance<BusOutboxContext<TBus, TDbContext>>(
            provider, provider, clientFactory.Value, new ForwardedContext(consumeContext));
        Context = _outbox;
    }

    public ScopedBusContext Context { get; }

    public void Dispose() => _outbox?.Dispose();
}

/// <summary>The consume context of another bus that the scope belongs to, if any.</summary>
internal sealed record ForwardedContext(ConsumeContext? ConsumeContext);
