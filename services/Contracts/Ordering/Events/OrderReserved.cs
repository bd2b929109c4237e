namespace OrderSample.Contracts.Ordering.Events;

/// <summary>Everything ordered is held for the customer; the order now waits for its payment.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Customer">Whom to tell.</param>
/// <param name="Total">Amount to pay.</param>
public sealed record OrderReserved(Guid OrderId, Customer Customer, decimal Total);
