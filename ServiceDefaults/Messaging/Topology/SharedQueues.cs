using MassTransit;
using MassTransit.RabbitMqTransport;
using Argument = RabbitMQ.Client.Headers;

namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>The queues that belong to no endpoint. The dead-letter desk empties them.</summary>
/// <param name="options">What all queues have in common.</param>
internal sealed class SharedQueues(QueueOptions options) : IFilter<ChannelContext>
{
    private const int MaxReports = 10_000;
    private static readonly TimeSpan ReportLifetime = TimeSpan.FromHours(1);

    // RabbitMQ 4 drops what comes back 20 times unless told otherwise, and nothing comes after these queues. No length limit
    // either: the broker stops publishers before its disk is full.
    private readonly Dictionary<string, object> _lasting = new(options.Quorum())
    {
        ["x-delivery-limit"] = 1_000_000,
    };

    // While nobody takes them, the oldest reports go.
    private readonly Dictionary<string, object> _passing = new(options.Quorum())
    {
        [Argument.XMaxLength] = MaxReports,
        [Argument.XOverflow] = "drop-head",
        [Argument.XMessageTTL] = (long)ReportLifetime.TotalMilliseconds,
    };

    private (string Name, Dictionary<string, object> Arguments)[] Queues =>
        [(BrokerNames.Unrouted, _lasting), (BrokerNames.DeadLetters, _lasting), (BrokerNames.HandledDeadLetters, _lasting), (BrokerNames.RepeatedDeliveries, _passing)];

    /// <summary>All of them, each with its exchange.</summary>
    public IEnumerable<OwnTopology> Expected => Queues.Select(queue => OwnTopology.QueueWithExchange(queue.Name, queue.Arguments));

    /// <summary>Declares them whenever an endpoint connects, before it consumes.</summary>
    public async Task Send(ChannelContext context, IPipe<ChannelContext> next)
    {
        foreach (var (name, arguments) in Queues)
            await context.DeclareQueueWithExchange(name, arguments);

        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("sharedQueues");
}
