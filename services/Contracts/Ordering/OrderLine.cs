namespace OrderSample.Contracts.Ordering;

/// <summary>One ordered product.</summary>
/// <param name="Sku">Stock keeping unit, unique within an order.</param>
/// <param name="Quantity">Pieces, 1 to 1,000.</param>
/// <param name="UnitPrice">Price of one piece in the shop's currency, at most two decimals.</param>
public sealed record OrderLine(string Sku, int Quantity, decimal UnitPrice);
