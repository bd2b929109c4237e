using OrderSample.Contracts.Inventory;
using OrderSample.InventoryService.Data;

namespace OrderSample.InventoryService.ReservingStock;

/// <summary>Decides about stock, given rows that nobody else can change meanwhile.</summary>
internal static class StockDecision
{
    /// <summary>Refuses what no order can have asked for: the broker says who may send a command, and nothing of what is in it.</summary>
    /// <exception cref="ArgumentException">There are no lines, or one without pieces, or a SKU twice. No other attempt would change that: it is a dead letter at once.</exception>
    public static void Check(IReadOnlyList<StockLine> lines)
    {
        if (lines.Count == 0)
            throw new ArgumentException("There is nothing to reserve.", nameof(lines));
        if (lines.FirstOrDefault(line => line.Quantity <= 0) is { } none)
            throw new ArgumentException($"{none.Quantity} pieces of {none.Sku} can't be reserved.", nameof(lines));
        if (lines.GroupBy(line => line.Sku).FirstOrDefault(same => same.Count() > 1) is { } twice)
            throw new ArgumentException($"{twice.Key} is there twice.", nameof(lines));
    }

    /// <summary>Finds what is short. An unknown SKU is short with nothing available.</summary>
    /// <returns>Empty when all lines can be held; then they can be held together, as no SKU comes twice.</returns>
    public static IReadOnlyList<Shortage> FindShortages(IEnumerable<StockLine> lines, IReadOnlyDictionary<string, Product> products) =>
    [
        .. from line in lines
           let available = products.GetValueOrDefault(line.Sku)?.Available ?? 0
           where available < line.Quantity
           orderby line.Sku
           select new Shortage(line.Sku, line.Quantity, available),
    ];

    /// <summary>Holds all lines.</summary>
    public static void Hold(IEnumerable<StockLine> lines, IReadOnlyDictionary<string, Product> products)
    {
        foreach (var line in lines)
            products[line.Sku].Reserved += line.Quantity;
    }

    /// <summary>Takes held lines out of the warehouse.</summary>
    public static void Commit(IEnumerable<StockLine> lines, IReadOnlyDictionary<string, Product> products)
    {
        foreach (var line in lines)
        {
            products[line.Sku].Reserved -= line.Quantity;
            products[line.Sku].OnHand -= line.Quantity;
        }
    }

    /// <summary>Puts committed lines back into the warehouse.</summary>
    public static void TakeBack(IEnumerable<StockLine> lines, IReadOnlyDictionary<string, Product> products)
    {
        foreach (var line in lines)
            products[line.Sku].OnHand += line.Quantity;
    }

    /// <summary>Gives held lines back.</summary>
    public static void Release(IEnumerable<StockLine> lines, IReadOnlyDictionary<string, Product> products)
    {
        foreach (var line in lines)
            products[line.Sku].Reserved -= line.Quantity;
    }
}
