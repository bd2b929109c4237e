namespace OrderSample.Contracts.Inventory.Events;

/// <summary>Nothing is held or taken for the order, and nothing will be.</summary>
/// <param name="OrderId">The order.</param>
public sealed record StockReleased(Guid OrderId);
