using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.Messaging;
using OrderSample.ServiceDefaults.Messaging.Topology;
using RabbitMQ.Client;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>Where a dead letter comes from, which is where a replay has to go.</summary>
/// <param name="Cause">Why it is a dead letter.</param>
/// <param name="Endpoint">Queue whose consumer should have handled it, or exchange that it was published to; empty when unknown.</param>
/// <param name="Exchange">Exchange for the replay; empty for the default one, null when unknown.</param>
/// <param name="RoutingKey">Routing key for the replay.</param>
internal sealed record Origin(DeadLetterCause Cause, string Endpoint, string? Exchange, string RoutingKey)
{
    /// <param name="queue">The queue it was found in.</param>
    /// <param name="exchange">The exchange it was published to.</param>
    /// <param name="routingKey">The routing key it was published with.</param>
    /// <param name="properties">Its properties.</param>
    public static Origin Of(string queue, string exchange, string routingKey, IReadOnlyBasicProperties properties) => Storable(queue switch
    {
        // An alternate exchange leaves the message as it was published.
        BrokerNames.Unrouted when exchange is not ("" or BrokerNames.Unrouted) =>
            new(DeadLetterCause.Unrouted, exchange, exchange, routingKey),
        BrokerNames.Unrouted => Unknown(DeadLetterCause.Unrouted),
        BrokerNames.DeadLetters when Death.Last(properties)?.Queue is { } source => AtQueue(DeadLetterCause.Rejected, EndpointOf(source)),
        BrokerNames.DeadLetters => Unknown(DeadLetterCause.Rejected),
        _ when queue.EndsWith(BrokerNames.SkippedSuffix, StringComparison.Ordinal) => AtQueue(DeadLetterCause.Skipped, EndpointOf(queue)),
        _ => AtQueue(DeadLetterCause.Failed, EndpointOf(queue)),
    });

    /// <summary>Names come from whoever declared them. What the database can't store is changed, and is no address any more.</summary>
    private static Origin Storable(Origin origin)
    {
        string?[] names = [origin.Endpoint, origin.Exchange, origin.RoutingKey];
        return names.All(name => Limited.Text(name, DeadLetter.MaxNameLength) == name)
            ? origin
            : new Origin(origin.Cause, Limited.Text(origin.Endpoint, DeadLetter.MaxNameLength)!, Exchange: null, RoutingKey: "");
    }

    private static Origin AtQueue(DeadLetterCause cause, string endpoint) => new(cause, endpoint, "", endpoint);

    private static Origin Unknown(DeadLetterCause cause) => new(cause, "", null, "");

    /// <summary>An error queue can lose a message to the queue for dead letters, too.</summary>
    private static string EndpointOf(string queue)
    {
        foreach (var suffix in (ReadOnlySpan<string>)[BrokerNames.ErrorSuffix, BrokerNames.SkippedSuffix])
        {
            if (queue.Length > suffix.Length && queue.EndsWith(suffix, StringComparison.Ordinal))
                return queue[..^suffix.Length];
        }

        return queue;
    }
}
