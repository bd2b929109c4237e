using System.Diagnostics;
using MassTransit.Middleware;
using MassTransit.Serialization;
using MassTransit.Transports;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Publishes stored messages by the bus itself, whatever its transport: in tests on the in-memory transport, for example.
/// </summary>
internal sealed class BusMessagePublisher(IBusInstance bus) : IMessagePublisher
{
    private readonly string _system = bus.HostConfiguration.HostAddress.Scheme;

    // Before its own queues are bound, an event for itself would find none and be lost.
    public async ValueTask Connected(CancellationToken cancellationToken) =>
        await bus.BusControl.WaitForHealthStatus(BusHealthStatus.Healthy, cancellationToken);

    public async Task<DeliveryResult> Publish(OutboxMessage message, TimeSpan timeout, bool isLastAttempt)
    {
        if (message.DestinationAddress is not { } destination)
            return DeliveryResult.Refused("The message has no destination address.");
        using var limit = new CancellationTokenSource(timeout);
        using var activity = DeliveryActivity.Start(message, destination, _system);
        try
        {
            var endpoint = await bus.BusControl.GetSendEndpoint(destination);
            await endpoint.Send(new SerializedMessageBody(), new OutboxMessageSendPipe(message, destination), limit.Token);
            return DeliveryResult.Confirmed;
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            var reason = $"{exception.GetType().Name}: {exception.Message}";
            return exception is ConnectionException or OperationCanceledException or TimeoutException ? DeliveryResult.Outage(reason) : DeliveryResult.Refused(reason);
        }
    }
}
