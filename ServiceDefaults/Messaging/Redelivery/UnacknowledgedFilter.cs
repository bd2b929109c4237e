using MassTransit;

namespace OrderSample.ServiceDefaults.Messaging.Redelivery;

/// <summary>Reports that a message was handled whose delivery before had ended without an acknowledgement, as after a crash in mid-work.</summary>
/// <param name="endpoint">The endpoint's queue.</param>
/// <param name="reports">Where it is reported.</param>
/// <param name="time">For the report.</param>
internal sealed class UnacknowledgedFilter(string endpoint, DeliveryReports reports, TimeProvider time) : IFilter<ConsumeContext>
{
    private const string DeliveriesBefore = "x-delivery-count";

    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next) =>
        context.ReceiveContext.Redelivered ? HandleAsync(context, next) : next.Send(context);

    public void Probe(ProbeContext context) => context.CreateFilterScope("unacknowledged");

    private async Task HandleAsync(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        await next.Send(context);
        var receipt = context.ReceiveContext;
        if (receipt.IsDelivered)
        {
            reports.Add(receipt, endpoint, RepetitionCause.Unacknowledged, time.GetUtcNow(),
                report => report with { Deliveries = Math.Max(1, DeliveryReports.Count(receipt, DeliveriesBefore)) + 1 });
        }
    }
}
