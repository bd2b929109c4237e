using System.Diagnostics;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Keeps a connection for publishing stored messages: opens it when the bus has started, and a new one whenever it breaks.
/// </summary>
internal sealed class MessagePublisher(IBusInstance bus, OutboxDeliveryState state, TimeProvider time, ILogger<MessagePublisher> logger) : IMessagePublisher, IAsyncDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private readonly IRabbitMqHostConfiguration _host = (IRabbitMqHostConfiguration)bus.HostConfiguration;
    private readonly SemaphoreSlim _connecting = new(1);
    private readonly ConfirmPatience _patience = new(time);
    private PublisherConnection? _connection;
    private bool _busHasStarted;

    public async ValueTask Connected(CancellationToken cancellationToken)
    {
        if (_connection is { IsOpen: true, Blocked: null })
            return;

        await _connecting.WaitAsync(cancellationToken);
        try
        {
            await BusHasStarted(cancellationToken);
            for (var delay = FirstRetry; _connection is not { IsOpen: true, Blocked: null }; delay = delay * 2 < LongestRetry ? delay * 2 : LongestRetry)
            {
                if (_connection is { IsOpen: true, Blocked: { } reason })
                {
                    state.Unreachable($"The broker takes no messages: {reason}.");
                    await Task.Delay(FirstRetry, time, cancellationToken);
                    delay = FirstRetry;
                    continue;
                }

                // Waiting for the old one to close would only hold up the new one.
                _ = _connection?.DisposeAsync().AsTask();
                _connection = null;
                try
                {
                    _connection = await PublisherConnection.Open(_host, time, _patience, cancellationToken);
                    logger.LogInformation("Stored messages are delivered to {Broker}", _host.HostAddress);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    state.Unreachable($"{_host.HostAddress} can't be reached: {exception.GetBaseException().Message}");
                    await Task.Delay(delay, time, cancellationToken);
                }
            }

            state.Reachable();
        }
        finally
        {
            _connecting.Release();
        }
    }

    public async Task<DeliveryResult> Publish(OutboxMessage message, TimeSpan timeout, bool isLastAttempt)
    {
        if (message.DestinationAddress is not { } destination)
            return DeliveryResult.Refused("The message has no destination address.");
        if (_connection is not { } connection)
            return DeliveryResult.Outage("There is no connection to the broker.");
        using var activity = DeliveryActivity.Start(message, destination, "rabbitmq");
        var result = await Publish(connection, destination, message, activity, timeout, isLastAttempt);
        if (result.Reason is { } reason)
            activity?.SetStatus(ActivityStatusCode.Error, reason);
        return result;
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _connecting.Dispose();
    }

    private async Task<DeliveryResult> Publish(PublisherConnection connection, Uri destination, OutboxMessage message, Activity? activity, TimeSpan timeout, bool isLastAttempt)
    {
        try
        {
            return await connection.Publish(destination, OutgoingMessage.From(message, activity, time.GetUtcNow().UtcDateTime), timeout, isLastAttempt);
        }
        catch (Exception exception)
        {
            // What is left: the message can't be made into one for the broker.
            return DeliveryResult.Refused($"{exception.GetType().Name}: {exception.Message}");
        }
    }

    /// <summary>Until this process's own queues are bound, an event for itself would find none and be lost.</summary>
    private async Task BusHasStarted(CancellationToken cancellationToken)
    {
        while (!_busHasStarted)
        {
            _busHasStarted = bus.BusControl.CheckHealth().Status == BusHealthStatus.Healthy;
            if (!_busHasStarted)
                await Task.Delay(FirstRetry, time, cancellationToken);
        }
    }
}
