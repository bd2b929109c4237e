using OrderSample.Contracts.Inventory;

namespace OrderSample.Services.RealServers.Tests.Inventory;

/// <summary>What the saga can ask the inventory for.</summary>
internal enum Ask
{
    Reserve,
    Commit,
    Release,
}

/// <summary>A command for one of a scenario's orders.</summary>
/// <param name="Order">Which one, by index.</param>
internal readonly record struct Command(int Order, Ask Ask)
{
    public override string ToString() => $"{Ask} {Order}";
}

/// <summary>Stock, orders for it, and what is asked for them.</summary>
/// <param name="OnHand">Pieces in the warehouse at the beginning, by product.</param>
/// <param name="Orders">Pieces wanted, by order and product; none: the order has no line for it.</param>
/// <param name="Waves">What comes at once, one wave after another.</param>
internal sealed record Scenario(int[] OnHand, int[][] Orders, Command[][] Waves)
{
    /// <summary>An order's lines, in a sequence of its own.</summary>
    public IReadOnlyList<StockLine> Lines(int order, Func<int, string> skuOf)
    {
        IEnumerable<StockLine> lines =
        [
            .. Orders[order].Select((quantity, product) => (product, quantity)).Where(x => x.quantity > 0)
                .Select(x => new StockLine(skuOf(x.product), x.quantity)),
        ];
        return order % 2 == 0 ? [.. lines] : [.. lines.Reverse()];
    }

    public override string ToString() =>
        $"on hand {string.Join("/", OnHand)}, ordered {string.Join(" and ", Orders.Select(x => string.Join("/", x)))}: {string.Join("; ", Waves.Select(wave => string.Join(" | ", wave)))}";
}
