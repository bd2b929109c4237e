namespace OrderSample.InventoryService.Data;

/// <summary>A product and its stock. The database refuses to hold back more than there is.</summary>
public sealed class Product
{
    /// <summary>Longest SKU, in characters.</summary>
    public const int MaxSkuLength = 64;

    /// <summary>Longest name, in characters.</summary>
    public const int MaxNameLength = 200;

    /// <summary>Stock keeping unit.</summary>
    public required string Sku { get; init; }

    /// <summary>Name for people.</summary>
    public required string Name { get; set; }

    /// <summary>Pieces in the warehouse.</summary>
    public required int OnHand { get; set; }

    /// <summary>Pieces held for orders, part of those on hand.</summary>
    public int Reserved { get; set; }

    /// <summary>Pieces that can still be held.</summary>
    public int Available => OnHand - Reserved;
}
