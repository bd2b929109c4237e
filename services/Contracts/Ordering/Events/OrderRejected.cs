namespace OrderSample.Contracts.Ordering.Events;

/// <summary>Final: the order can't be delivered from stock, and nothing is held for it.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Customer">Whom to tell.</param>
/// <param name="Total">The order's total; nothing of it is due.</param>
/// <param name="Reason">What was short.</param>
public sealed record OrderRejected(Guid OrderId, Customer Customer, decimal Total, string Reason);
