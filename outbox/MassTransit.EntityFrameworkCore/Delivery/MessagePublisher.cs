using System.Diagnostics;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Keeps a connection for publishing stored messages: opens it when the bus has started, and a new one whenever it breaks.
/// </summary>
internal sealed class MessagePublisher(IBusInstance bus, TimeProvider time, ILogger<MessagePublisher> logger) : IMessagePublisher, IAsyncDisposable
{
    private static readonly TimeSpan FirstRetry = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(5);

    private readonly IRabbitMqHostConfiguration _host = (IRabbitMqHostConfiguration)bus.HostConfiguration;
    private readonly SemaphoreSlim _connecting = new(1);
    private PublisherConnection? _connection;
    private bool _busHasStarted;

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

    public async Task<string?> Publish(OutboxMessage message, TimeSpan timeout, bool isLastAttempt)
    {
        var connection = _connection ?? throw new InvalidOperationException("There is no connection to the broker.");
        var destination = message.DestinationAddress ?? throw new InvalidOperationException("The message has no destination address.");
        using var activity = DeliveryActivity.Start(message, destination, "rabbitmq");
        try
        {
            var error = await connection.Publish(destination, OutgoingMessage.From(message, activity, time.GetUtcNow().UtcDateTime), timeout, isLastAttempt);
            if (error is not null)
                activity?.SetStatus(ActivityStatusCode.Error, error);
            return error;
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
}
