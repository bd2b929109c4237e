#if !OFFICIAL_ENTITYFRAMEWORKCORE
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.Extensions.DependencyInjection;
#endif

namespace OrderSample.ServiceDefaults.Messaging.Backlog;

/// <summary>Why delivery has paused.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Since">When it began, UTC.</param>
public sealed record PausedDelivery(string Reason, DateTimeOffset Since);

/// <summary>A destination that takes nothing for now.</summary>
/// <param name="Destination">Queue or exchange.</param>
/// <param name="Reason">What the broker said.</param>
/// <param name="Since">When it began, UTC.</param>
public sealed record RefusingDestination(string Destination, string Reason, DateTimeOffset Since);

/// <summary>What stands between the outbox and the broker. MassTransit's own package does not tell, so nothing is said of it.</summary>
#if OFFICIAL_ENTITYFRAMEWORKCORE
internal sealed class OutboxDeliveryView
{
    public PausedDelivery? Paused { get; }

    public IReadOnlyList<RefusingDestination> Refusing { get; } = [];
}
#else
internal sealed class OutboxDeliveryView(IServiceProvider services)
{
    private readonly OutboxDeliveryState _state = services.GetRequiredService<OutboxDeliveryState>();

    public PausedDelivery? Paused => _state.Paused is { } pause ? new PausedDelivery(pause.Reason, pause.Since) : null;

    public IReadOnlyList<RefusingDestination> Refusing =>
        [.. _state.Refusing.Select(x => new RefusingDestination(x.Key.Segments[^1], x.Value.Reason, x.Value.Since))];
}
#endif
