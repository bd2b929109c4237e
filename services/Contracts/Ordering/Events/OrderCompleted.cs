namespace OrderSample.Contracts.Ordering.Events;

/// <summary>Final: paid, and the stock has left the warehouse's books.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Customer">Whom to tell.</param>
/// <param name="Total">Amount paid.</param>
public sealed record OrderCompleted(Guid OrderId, Customer Customer, decimal Total);
