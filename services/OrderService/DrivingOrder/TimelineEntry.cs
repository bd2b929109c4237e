using System.Text.Json.Serialization;

namespace OrderSample.OrderService.DrivingOrder;

/// <summary>One thing that happened to an order.</summary>
/// <param name="At">When the saga took note of it, UTC.</param>
/// <param name="Event">What happened.</param>
/// <param name="Detail">What else there is to say.</param>
/// <param name="TraceId">Of a cancellation: the trace of the request that asked for it, if one was recorded.</param>
public sealed record TimelineEntry(
    DateTimeOffset At, string Event, string? Detail, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? TraceId = null)
{
    /// <summary>A message had waited in an outbox before it was sent, which is the entry's time. Its detail is the message's name.</summary>
    public const string WaitedInOutbox = "WaitedInOutbox";

    /// <summary>Of a message that waited in an outbox: when it was stored there, UTC.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? StoredAt { get; init; }
}
