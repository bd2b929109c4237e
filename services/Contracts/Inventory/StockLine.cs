namespace OrderSample.Contracts.Inventory;

/// <summary>How many pieces of a product are asked for or held.</summary>
/// <param name="Sku">Stock keeping unit.</param>
/// <param name="Quantity">Pieces, more than zero.</param>
public sealed record StockLine(string Sku, int Quantity);
