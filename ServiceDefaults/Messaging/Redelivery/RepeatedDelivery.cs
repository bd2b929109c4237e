namespace OrderSample.ServiceDefaults.Messaging.Redelivery;

/// <summary>Why a message is delivered more than once.</summary>
public enum RepetitionCause
{
    /// <summary>Its consumer failed, and is to try again later.</summary>
    Failed,

    /// <summary>What the endpoint needs is away for everybody; that is no attempt of the message.</summary>
    DependencyAway,

    /// <summary>A delivery ended without an acknowledgement: its process or its connection was lost, or stopped, before that.</summary>
    Unacknowledged,
}

/// <summary>An endpoint's report for the order's story: a message of the order is delivered more than once.</summary>
/// <remarks>
/// For people, and best effort: what can't be sent is dropped, and the message is none the worse for it. Of one message at one endpoint the last report of
/// a cause says all that the ones before did.
/// </remarks>
/// <param name="MessageId">The message, as its AMQP property names it.</param>
/// <param name="MessageType">What it is, as a URN.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Endpoint">The endpoint's queue.</param>
/// <param name="Replay">Which replay of a dead letter it is, from 1; 0 if it is none.</param>
/// <param name="Cause">Why it is delivered more than once.</param>
/// <param name="At">When that was known, UTC: it has failed, or it was handled at last.</param>
public sealed record RepeatedDelivery(string MessageId, string MessageType, Guid OrderId, string Endpoint, int Replay, RepetitionCause Cause, DateTimeOffset At)
{
    /// <summary>Type of the exception.</summary>
    public string? ExceptionType { get; init; }

    /// <summary>Message of the exception.</summary>
    public string? ExceptionMessage { get; init; }

    /// <summary>Immediate retries of this delivery.</summary>
    public int Retries { get; init; }

    /// <summary>The delays after which it was redelivered for its own sake, and is to be next, oldest first.</summary>
    public IReadOnlyList<TimeSpan> Delays { get; init; } = [];

    /// <summary>When it is delivered again, UTC; null when it was handled.</summary>
    public DateTimeOffset? NextAt { get; init; }

    /// <summary>Of what was not acknowledged: how often it was delivered, with the delivery that was handled.</summary>
    public int Deliveries { get; init; }
}
