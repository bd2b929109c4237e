namespace OrderSample.Contracts.Inventory.Events;

/// <summary>What was held for the order has left the warehouse; this can't be undone.</summary>
/// <param name="OrderId">The order.</param>
public sealed record StockCommitted(Guid OrderId);
