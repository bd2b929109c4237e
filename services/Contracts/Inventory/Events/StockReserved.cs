namespace OrderSample.Contracts.Inventory.Events;

/// <summary>All lines of the order are held.</summary>
/// <param name="OrderId">The order.</param>
public sealed record StockReserved(Guid OrderId);
