using OrderSample.ServiceDefaults.Messaging.Redelivery;

namespace OrderSample.Backoffice.Data;

/// <summary>
/// What an endpoint has reported last of a message that is delivered more than once: one row per message, endpoint, replay and cause. Of many the oldest
/// are removed.
/// </summary>
public sealed record DeliveryRepetition
{
    /// <summary>Longest list of delays, in characters.</summary>
    public const int MaxDelaysLength = 200;

    /// <summary>Primary key, ascending in the order of arrival.</summary>
    public long Id { get; init; }

    /// <inheritdoc cref="RepeatedDelivery.MessageId"/>
    public required string MessageId { get; init; }

    /// <inheritdoc cref="RepeatedDelivery.MessageType"/>
    public required string MessageType { get; init; }

    /// <inheritdoc cref="RepeatedDelivery.OrderId"/>
    public required Guid OrderId { get; init; }

    /// <inheritdoc cref="RepeatedDelivery.Endpoint"/>
    public required string Endpoint { get; init; }

    /// <inheritdoc cref="RepeatedDelivery.Replay"/>
    public required int Replay { get; init; }

    /// <inheritdoc cref="RepeatedDelivery.Cause"/>
    public required RepetitionCause Cause { get; init; }

    /// <summary>When it was reported first, UTC.</summary>
    public required DateTimeOffset FirstAt { get; init; }

    /// <summary>When it was reported last, UTC.</summary>
    public required DateTimeOffset LastAt { get; init; }

    /// <inheritdoc cref="RepeatedDelivery.ExceptionType"/>
    public required string? ExceptionType { get; init; }

    /// <inheritdoc cref="RepeatedDelivery.ExceptionMessage"/>
    public required string? ExceptionMessage { get; init; }

    /// <inheritdoc cref="RepeatedDelivery.Retries"/>
    public required int Retries { get; init; }

    /// <summary>The delays, in seconds: <c>5, 15</c>.</summary>
    public required string Delays { get; init; }

    /// <inheritdoc cref="RepeatedDelivery.NextAt"/>
    public required DateTimeOffset? NextAt { get; init; }

    /// <inheritdoc cref="RepeatedDelivery.Deliveries"/>
    public required int Deliveries { get; init; }
}
