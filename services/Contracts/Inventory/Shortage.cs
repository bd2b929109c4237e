namespace OrderSample.Contracts.Inventory;

/// <summary>A product of which there is less than was asked for.</summary>
/// <param name="Sku">Stock keeping unit; one the inventory doesn't know is short with nothing available.</param>
/// <param name="Requested">Pieces asked for.</param>
/// <param name="Available">Pieces that were free at that moment.</param>
public sealed record Shortage(string Sku, int Requested, int Available);
