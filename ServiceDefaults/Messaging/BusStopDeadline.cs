using MassTransit;
using MassTransit.Transports;
using Microsoft.Extensions.Logging;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>Lets a service end although its bus does not stop.</summary>
/// <remarks>
/// MassTransit waits without a deadline for each endpoint to end. One that waits itself, for an answer that was lost with its connection
/// (rabbitmq-dotnet-client's issue 1930), would keep the service from ending. Nothing is lost with it: what was not acknowledged comes again.
/// </remarks>
internal sealed class BusStopDeadline(IEnumerable<IBusInstance> buses, ILogger<BusDepot> depotLogger, ILogger<BusStopDeadline> logger) : IBusDepot
{
    /// <summary>The bus gives up consumers that are busy after <see cref="MessagingExtensions.StopTimeout"/>, and then has a moment to close.</summary>
    private static readonly TimeSpan Longest = MessagingExtensions.StopTimeout + TimeSpan.FromSeconds(2);

    private readonly BusDepot _depot = new(buses, depotLogger);

    public Task Start(CancellationToken cancellationToken) => _depot.Start(cancellationToken);

    public async Task Stop(CancellationToken cancellationToken)
    {
        var stopping = _depot.Stop(cancellationToken);
        try
        {
            await stopping.WaitAsync(Longest, CancellationToken.None);
        }
        catch (TimeoutException) when (!stopping.IsCompleted)
        {
            logger.LogWarning("The bus did not stop within {Seconds} s, and the service ends without waiting for it", Longest.TotalSeconds);
        }
    }
}
