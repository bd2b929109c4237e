namespace OrderSample.Contracts.Inventory.Commands;

/// <summary>Take what is held for the order out of the warehouse. Answered by <see cref="Events.StockCommitted"/>.</summary>
/// <param name="OrderId">The order whose reservation is meant.</param>
public sealed record CommitStock(Guid OrderId);
