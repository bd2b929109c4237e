using MassTransit;
using MassTransit.RabbitMqTransport;

namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>The queues that belong to no endpoint. The dead-letter desk empties them.</summary>
/// <param name="options">What all queues have in common.</param>
internal sealed class SharedQueues(QueueOptions options) : IFilter<ChannelContext>
{
    private static readonly string[] Names = [BrokerNames.Unrouted, BrokerNames.DeadLetters, BrokerNames.HandledDeadLetters];

    // RabbitMQ 4 drops what comes back 20 times unless told otherwise, and nothing comes after these queues. No length limit
    // either: the broker stops publishers before its disk is full.
    private readonly Dictionary<string, object> _arguments = new(options.Quorum())
    {
        ["x-delivery-limit"] = 1_000_000,
    };

    /// <summary>All of them, each with its exchange.</summary>
    public IEnumerable<OwnTopology> Expected => Names.Select(name => OwnTopology.QueueWithExchange(name, _arguments));

    /// <summary>Declares them whenever an endpoint connects, before it consumes.</summary>
    public async Task Send(ChannelContext context, IPipe<ChannelContext> next)
    {
        foreach (var name in Names)
            await context.DeclareQueueWithExchange(name, _arguments);

        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("sharedQueues");
}
