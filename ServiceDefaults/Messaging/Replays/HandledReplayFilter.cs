using MassTransit;
using OrderSample.ServiceDefaults.Messaging.Topology;

namespace OrderSample.ServiceDefaults.Messaging.Replays;

/// <summary>Reports to the dead-letter desk that a replayed message was handled. Every other message passes.</summary>
/// <remarks>
/// The report follows the commit and comes before the ack. A consumer that fails, or whose transaction is rolled back, leaves none. After a crash
/// between commit and ack, and when the broker does not confirm the report, the message is delivered again: the inbox drops it, and the report is sent
/// then. So a report is never lost; it can come twice.
/// </remarks>
/// <param name="endpoint">The endpoint's queue.</param>
/// <param name="time">For the report.</param>
internal sealed class HandledReplayFilter(string endpoint, TimeProvider time) : IFilter<ConsumeContext>
{
    private static readonly Uri Desk = new($"exchange:{BrokerNames.HandledDeadLetters}");

    public Task Send(ConsumeContext context, IPipe<ConsumeContext> next) =>
        context.ReceiveContext.TransportHeaders.TryGetHeader(BrokerNames.CaseHeader, out _) ? HandleAsync(context, next) : next.Send(context);

    public void Probe(ProbeContext context) => context.CreateFilterScope("handledReplay");

    private async Task HandleAsync(ConsumeContext context, IPipe<ConsumeContext> next)
    {
        await next.Send(context);
        // Without a consumer for it, it goes to the endpoint's _skipped queue.
        if (!context.ReceiveContext.IsDelivered || context.ReceiveContext.TransportHeaders.Get<long>(BrokerNames.CaseHeader) is not { } id)
            return;
        var desk = await context.GetSendEndpoint(Desk);
        await desk.Send(new DeadLetterHandled(id, endpoint, time.GetUtcNow()), context.CancellationToken);
    }
}
