using System.ComponentModel.DataAnnotations;

namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>
/// What the broker itself holds every endpoint's queue to. The values become arguments of the queues, which can't be
/// changed once a queue exists: all services have to be given the same, and see <see cref="TopologyCheck"/>.
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
}
