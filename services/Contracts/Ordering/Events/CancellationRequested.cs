namespace OrderSample.Contracts.Ordering.Events;

/// <summary>The customer wants out. Granted only while the order is unpaid.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Reason">The customer's words, if any.</param>
/// <param name="RequestedAt">When it was asked for, UTC.</param>
public sealed record CancellationRequested(Guid OrderId, string? Reason, DateTimeOffset RequestedAt);
