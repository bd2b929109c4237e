using System.Collections;
using OrderSample.Backoffice.Messaging;
using RabbitMQ.Client;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>What the broker's <c>x-death</c> header says of one removal from a queue.</summary>
/// <param name="Queue">The queue.</param>
/// <param name="Reason">Why the broker removed it.</param>
/// <param name="Count">How often it did, from that queue and for that reason.</param>
/// <param name="At">When it last did, UTC.</param>
internal sealed record Death(string Queue, string? Reason, int Count, DateTimeOffset? At)
{
    /// <summary>The last removal: the broker puts it first.</summary>
    public static Death? Last(IReadOnlyBasicProperties properties)
    {
        if (properties.Headers is not { } headers || !headers.TryGetValue("x-death", out var value)
            || value is not IList { Count: > 0 } deaths || deaths[0] is not IDictionary<string, object?> last
            || AmqpHeaders.Text(last, "queue") is not { } queue)
        {
            return null;
        }

        return new Death(queue, AmqpHeaders.Text(last, "reason"), AmqpHeaders.Count(AmqpHeaders.Text(last, "count")),
            last.TryGetValue("time", out var at) && at is AmqpTimestamp time ? DateTimeOffset.FromUnixTimeSeconds(time.UnixTime) : null);
    }
}
