namespace OrderSample.Contracts.Inventory.Commands;

/// <summary>
/// The order won't be completed: hold nothing for it any more, take back what was committed for it, and refuse whatever is
/// asked for it later, even when this overtakes its <see cref="ReserveStock"/>. Answered by <see cref="Events.StockReleased"/>.
/// </summary>
/// <param name="OrderId">The order whose reservation is meant.</param>
public sealed record ReleaseStock(Guid OrderId);
