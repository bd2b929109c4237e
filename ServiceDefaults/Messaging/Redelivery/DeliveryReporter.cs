using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrderSample.ServiceDefaults.Messaging.Topology;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.ServiceDefaults.Messaging.Redelivery;

/// <summary>Sends the reports to the desk, beside all that delivers messages. What can't be sent in time is dropped.</summary>
internal sealed class DeliveryReporter(DeliveryReports reports, IBus bus, ILogger<DeliveryReporter> logger) : BackgroundService
{
    private static readonly Uri Desk = new($"exchange:{BrokerNames.RepeatedDeliveries}");
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var unrecorded = Unrecorded.Begin();
        await foreach (var report in reports.ReadAllAsync(stoppingToken))
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
            timeout.CancelAfter(SendTimeout);
            try
            {
                var desk = await bus.GetSendEndpoint(Desk).WaitAsync(timeout.Token);
                await desk.Send(report, timeout.Token).WaitAsync(timeout.Token);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogDebug(exception, "The desk is not told that message {MessageId} is delivered again", report.MessageId);
            }
        }
    }
}
