namespace OrderSample.Contracts.Ordering.Events;

/// <summary>Final: called off before it was paid, and nothing is held for it any more.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Customer">Whom to tell.</param>
/// <param name="Total">The order's total; nothing of it is due.</param>
/// <param name="Reason">Why: the customer's words, or which time ran out.</param>
public sealed record OrderCancelled(Guid OrderId, Customer Customer, decimal Total, string Reason);
