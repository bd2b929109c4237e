namespace OrderSample.Contracts.Inventory.Commands;

/// <summary>
/// Hold nothing for the order any more, and refuse to hold anything for it later, even when this overtakes its
/// <see cref="ReserveStock"/>. Answered by <see cref="Events.StockReleased"/>.
/// </summary>
/// <param name="OrderId">The order whose reservation is meant.</param>
public sealed record ReleaseStock(Guid OrderId);
