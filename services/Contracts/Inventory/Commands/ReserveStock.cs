namespace OrderSample.Contracts.Inventory.Commands;

/// <summary>
/// Hold all lines for the order, or none. Answered by <see cref="Events.StockReserved"/> or <see cref="Events.StockShort"/>;
/// asked again, it answers the same again.
/// </summary>
/// <param name="OrderId">The order, also the reservation's key.</param>
/// <param name="Lines">What to hold; no SKU twice.</param>
public sealed record ReserveStock(Guid OrderId, IReadOnlyList<StockLine> Lines);
