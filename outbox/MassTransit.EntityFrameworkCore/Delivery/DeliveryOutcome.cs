namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>How the delivery of one stored message ended. Without the message itself, which would be kept in memory by it.</summary>
/// <param name="SequenceNumber">The row.</param>
/// <param name="MessageId">Its message.</param>
/// <param name="Destination">Where that goes.</param>
/// <param name="Attempts">How often it has failed, this time included.</param>
/// <param name="Error">Null when the broker confirmed it, otherwise what went wrong.</param>
internal readonly record struct DeliveryOutcome(long SequenceNumber, Guid MessageId, Uri? Destination, int Attempts, string? Error)
{
    public static DeliveryOutcome Of(OutboxMessage message, string? error) =>
        new(message.SequenceNumber, message.MessageId, message.DestinationAddress, message.Attempts + (error is null ? 0 : 1), error);
}
