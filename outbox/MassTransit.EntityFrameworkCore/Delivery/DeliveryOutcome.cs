namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>How the row of one message is settled. Without the message itself, which would be kept in memory by it.</summary>
/// <param name="SequenceNumber">The row.</param>
/// <param name="MessageId">Its message.</param>
/// <param name="Destination">Where that goes.</param>
/// <param name="Attempts">How often the message was refused for its own sake.</param>
/// <param name="Error">Null when the broker confirmed it, otherwise what went wrong.</param>
/// <param name="Next">When it is sent again, UTC; null for one that was not confirmed: never, it is parked.</param>
internal readonly record struct DeliveryOutcome(long SequenceNumber, Guid MessageId, Uri? Destination, int Attempts, string? Error, DateTime? Next)
{
    public static DeliveryOutcome Of(OutboxMessage message, int attempts, string? error, DateTime? next) =>
        new(message.SequenceNumber, message.MessageId, message.DestinationAddress, attempts, error, next);
}
