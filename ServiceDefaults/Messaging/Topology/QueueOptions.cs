using System.ComponentModel.DataAnnotations;
using Argument = RabbitMQ.Client.Headers;

namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>
/// What the broker itself holds every endpoint's queue to. The values become arguments of the queues, which can't be
/// changed once a queue exists: all services have to be given the same, and see <see cref="TopologyWatch"/>.
/// </summary>
public sealed class QueueOptions
{
    /// <summary>
    /// How often a message may come back unacknowledged, as it does when its consumer's process dies, before it is taken
    /// for what kills the process and put into <c>dead-letters</c>.
    /// </summary>
    [Range(1, 1000)]
    public int DeliveryLimit { get; init; } = 20;

    /// <summary>Messages a queue holds. A full one refuses further messages, and their publisher keeps them.</summary>
    [Range(1, 100_000_000)]
    public int MaxLength { get; init; } = 2_000_000;

    /// <summary>
    /// Members that a new queue gets, each on another node of a cluster; null leaves it to the broker, which takes three, or as many
    /// as there are nodes. An existing queue gets more by <c>rabbitmq-queues grow</c>, not by this.
    /// </summary>
    [Range(1, 7)]
    public int? GroupSize { get; init; }

    /// <summary>What makes a queue one of the kind that every queue here is.</summary>
    internal Dictionary<string, object> Quorum()
    {
        var arguments = new Dictionary<string, object> { [Argument.XQueueType] = "quorum" };
        // Not where nothing is said: a queue's arguments can't be changed, and those that exist have none.
        if (GroupSize is { } size)
            arguments["x-quorum-initial-group-size"] = size;
        return arguments;
    }
}
