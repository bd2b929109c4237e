namespace OrderSample.Contracts.Inventory.Events;

/// <summary>At least one line can't be held, so none is.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Shortages">Every product that was short, by SKU.</param>
public sealed record StockShort(Guid OrderId, IReadOnlyList<Shortage> Shortages);
