namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>How the delivery of one stored message ended.</summary>
/// <param name="Message">The row.</param>
/// <param name="Error">Null when the broker confirmed it, otherwise what went wrong.</param>
internal sealed record DeliveryOutcome(OutboxMessage Message, string? Error);
