using System.Threading.Channels;
using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>Starts again what MassTransit has given up for good, and lets a service end although its bus does not stop.</summary>
/// <remarks>
/// <para>
/// MassTransit waits for a broker that is away. But it gives up an endpoint whose login is refused, and while the bus starts the whole bus, also for a
/// connection that is lost at that moment: the service would run without consumers until somebody restarts it. <see cref="BrokerAddress"/> tries the
/// login first, and can't know what comes a moment later.
/// </para>
/// <para>
/// It waits without a deadline for each endpoint to end. One that waits itself, for an answer that was lost with its connection
/// (rabbitmq-dotnet-client's issue 1930), would keep the service from ending. Nothing is lost with it: what was not acknowledged comes again.
/// </para>
/// </remarks>
internal sealed class SteadyBusDepot : IBusDepot, IReceiveEndpointObserver, IDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(2);

    /// <summary>The bus gives up consumers that are busy after <see cref="MessagingExtensions.StopTimeout"/>, and then has a moment to close.</summary>
    private static readonly TimeSpan LongestStop = MessagingExtensions.StopTimeout + TimeSpan.FromSeconds(2);

    private readonly IReadOnlyList<IBusInstance> _buses;
    private readonly BusDepot _depot;
    private readonly TimeProvider _time;
    private readonly ILogger<SteadyBusDepot> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Channel<IReceiveEndpoint> _givenUp = Channel.CreateUnbounded<IReceiveEndpoint>();

    public SteadyBusDepot(IEnumerable<IBusInstance> buses, TimeProvider time, ILogger<BusDepot> depotLogger, ILogger<SteadyBusDepot> logger)
    {
        (_buses, _time, _logger) = ([.. buses], time, logger);
        _depot = new BusDepot(_buses, depotLogger);
        foreach (var bus in _buses)
            bus.BusControl.ConnectReceiveEndpointObserver(this);
    }

    public async Task Start(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        while (true)
        {
            try
            {
                await _depot.Start(cancellationToken);
                break;
            }
            catch (Exception exception) when (!either.IsCancellationRequested)
            {
                _logger.LogWarning(exception, "The bus could not be started; trying again in {Delay}", RetryDelay);
                await Task.Delay(RetryDelay, _time, either.Token);
            }
        }

        // A bus that is started again leaves out whatever it takes for started: what has given up, and what it has stopped on its way to a connection.
        foreach (var endpoint in Endpoints.Where(endpoint => endpoint.Status != BusHealthStatus.Healthy))
            _givenUp.Writer.TryWrite(endpoint.ReceiveEndpoint);
        _ = RestartAsync(_stopping.Token);
    }

    public async Task Stop(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        var stopping = _depot.Stop(cancellationToken);
        try
        {
            await stopping.WaitAsync(LongestStop, CancellationToken.None);
        }
        catch (TimeoutException) when (!stopping.IsCompleted)
        {
            _logger.LogWarning("The bus did not stop within {Seconds} s, and the service ends without waiting for it", LongestStop.TotalSeconds);
        }
    }

    public void Dispose() => _stopping.Dispose();

    Task IReceiveEndpointObserver.Faulted(ReceiveEndpointFaulted faulted)
    {
        if (faulted.Exception is ConnectionException { IsTransient: false })
            _givenUp.Writer.TryWrite(faulted.ReceiveEndpoint);
        return Task.CompletedTask;
    }

    Task IReceiveEndpointObserver.Ready(ReceiveEndpointReady ready) => Task.CompletedTask;

    Task IReceiveEndpointObserver.Stopping(ReceiveEndpointStopping stopping) => Task.CompletedTask;

    Task IReceiveEndpointObserver.Completed(ReceiveEndpointCompleted completed) => Task.CompletedTask;

    private IEnumerable<EndpointHealthResult> Endpoints => _buses.SelectMany(bus => bus.BusControl.CheckHealth().Endpoints.Values);

    private async Task RestartAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var endpoint in _givenUp.Reader.ReadAllAsync(cancellationToken))
            {
                await Task.Delay(RetryDelay, _time, cancellationToken);
                if (Endpoints.Any(other => other.ReceiveEndpoint == endpoint && other.Status == BusHealthStatus.Healthy))
                    continue;
                try
                {
                    await endpoint.Stop(cancellationToken);
                    endpoint.Start(cancellationToken);
                    _logger.LogWarning("The endpoint {Endpoint} had given up, and is started again", endpoint.InputAddress.AbsolutePath);
                }
                catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
                {
                    _logger.LogWarning(exception, "The endpoint {Endpoint} could not be started again; trying again in {Delay}", endpoint.InputAddress.AbsolutePath, RetryDelay);
                    _givenUp.Writer.TryWrite(endpoint);
                }
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }
}
