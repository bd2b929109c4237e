namespace OrderSample.Contracts.Inventory.Events;

/// <summary>What was held for the order is taken out of the warehouse's books, to be delivered once the order is completed.</summary>
/// <param name="OrderId">The order.</param>
public sealed record StockCommitted(Guid OrderId);
