using System.Diagnostics;
using MassTransit.Logging;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Keeps a connection for publishing stored messages: opens it when the bus has started, and a new one whenever it breaks.
/// </summary>
internal sealed class MessagePublisher(IBusInstance bus, TimeProvider time, ILogger<MessagePublisher> logger) : IAsyncDisposable
{
    private static readonly ActivitySource Activities = new(DiagnosticHeaders.DefaultListenerName);
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private readonly IRabbitMqHostConfiguration _host = bus.HostConfiguration as IRabbitMqHostConfiguration
        ?? throw new NotSupportedException($"The outbox delivers to RabbitMQ, and the bus is on {bus.HostConfiguration.HostAddress.Scheme}.");

    private readonly SemaphoreSlim _connecting = new(1);
    private PublisherConnection? _connection;
    private bool _busHasStarted;

    /// <summary>Waits until there is a connection, however long the broker is away.</summary>
    /// <exception cref="OperationCanceledException">The wait was cancelled.</exception>
    public async ValueTask Connected(CancellationToken cancellationToken)
    {
        if (_connection is { IsOpen: true })
            return;

        await _connecting.WaitAsync(cancellationToken);
        try
        {
            await BusHasStarted(cancellationToken);
            for (var delay = FirstRetry; _connection is not { IsOpen: true }; delay = delay * 2 < LongestRetry ? delay * 2 : LongestRetry)
            {
                // Waiting for the old one to close would only hold up the new one.
                _ = _connection?.DisposeAsync().AsTask();
                _connection = null;
                try
                {
                    _connection = await PublisherConnection.Open(_host, time, cancellationToken);
                    logger.LogInformation("Stored messages are delivered to {Broker}", _host.HostAddress);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    logger.LogWarning("Stored messages wait, because {Broker} can't be reached ({Error}); trying again in {Delay}",
                        _host.HostAddress, exception.GetBaseException().Message, delay);
                    await Task.Delay(delay, time, cancellationToken);
                }
            }
        }
        finally
        {
            _connecting.Release();
        }
    }

    /// <summary>Publishes one message and waits for the broker's confirm.</summary>
    /// <exception cref="Exception">As <see cref="PublisherConnection.Publish"/> says.</exception>
    public async Task Publish(OutboxMessage message, TimeSpan timeout)
    {
        var connection = _connection ?? throw new InvalidOperationException("There is no connection to the broker.");
        var destination = message.DestinationAddress ?? throw new InvalidOperationException("The message has no destination address.");
        using var activity = StartActivity(message, destination);
        try
        {
            await connection.Publish(destination, OutgoingMessage.From(message, activity, time.GetUtcNow().UtcDateTime), timeout);
        }
        catch (Exception exception)
        {
            activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _connecting.Dispose();
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

    private static Activity? StartActivity(OutboxMessage message, Uri destination)
    {
        // The span in which the message was stored; the delivery is a child of it, even after a restart.
        var parent = ((MessageContext)message).Headers.TryGetHeader(DiagnosticHeaders.ActivityId, out var id)
            && ActivityContext.TryParse(id as string, null, out var context) ? context : default;
        var name = destination.Segments[^1];
        var activity = Activities.StartActivity($"{name} send", ActivityKind.Producer, parent);
        activity?.SetTag(DiagnosticHeaders.Messaging.System, "rabbitmq");
        activity?.SetTag(DiagnosticHeaders.Messaging.Operation, "send");
        activity?.SetTag(DiagnosticHeaders.Messaging.DestinationName, name);
        activity?.SetTag(DiagnosticHeaders.Messaging.TransportMessageId, message.MessageId.ToString());
        if (message.CorrelationId is { } correlationId)
            activity?.SetTag(DiagnosticHeaders.CorrelationId, correlationId.ToString());
        return activity;
    }
}
