namespace OrderSample.Contracts.Ordering.Events;

/// <summary>An order was accepted and stored; the saga starts with it.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Customer">Who ordered.</param>
/// <param name="Lines">What was ordered; at least one line, no SKU twice.</param>
/// <param name="Total">Sum of quantity × unit price.</param>
/// <param name="SubmittedAt">When the order was stored, UTC.</param>
public sealed record OrderSubmitted(
    Guid OrderId, Customer Customer, IReadOnlyList<OrderLine> Lines, decimal Total, DateTimeOffset SubmittedAt);
