using OrderSample.Contracts.Inventory;
using OrderSample.InventoryService.Data;
using OrderSample.InventoryService.ReservingStock;

namespace OrderSample.Services.Tests.Inventory;

public sealed class Stock_decisions
{
    private readonly Dictionary<string, Product> _products = new[]
    {
        new Product { Sku = "CUP", Name = "Cup", OnHand = 10, Reserved = 4 },
        new Product { Sku = "POT", Name = "Pot", OnHand = 1 },
    }.ToDictionary(product => product.Sku);

    [Fact]
    public void What_no_order_asks_for_is_refused()
    {
        StockDecision.Check([new("CUP", 1), new("POT", 2)]);
        Assert.All((IReadOnlyList<StockLine>[])[[], [new("CUP", 1), new("POT", 0)], [new("CUP", -1)], [new("CUP", 1), new("CUP", 1)]],
            lines => Assert.Throws<ArgumentException>(() => StockDecision.Check(lines)));
    }

    [Fact]
    public void Lines_that_just_fit_are_not_short() =>
        Assert.Empty(StockDecision.FindShortages([new("CUP", 6), new("POT", 1)], _products));

    [Fact]
    public void Every_short_line_is_named_by_sku_with_what_is_free() =>
        Assert.Equal(
            [new Shortage("CUP", 7, 6), new Shortage("POT", 2, 1)],
            StockDecision.FindShortages([new("POT", 2), new("CUP", 7)], _products));

    [Fact]
    public void An_unknown_sku_is_short_with_nothing_free() =>
        Assert.Equal([new Shortage("NOPE", 1, 0)], StockDecision.FindShortages([new("NOPE", 1), new("CUP", 1)], _products));

    [Fact]
    public void Holding_and_releasing_leaves_the_stock_as_it_was()
    {
        StockLine[] lines = [new("CUP", 6), new("POT", 1)];
        StockDecision.Hold(lines, _products);
        Assert.Equal((10, 10, 0), Of("CUP"));
        StockDecision.Release(lines, _products);
        Assert.Equal((10, 4, 6), Of("CUP"));
        Assert.Equal((1, 0, 1), Of("POT"));
    }

    [Fact]
    public void Committing_lowers_what_is_on_hand_by_what_was_held()
    {
        StockLine[] lines = [new("CUP", 6)];
        StockDecision.Hold(lines, _products);
        StockDecision.Commit(lines, _products);
        Assert.Equal((4, 4, 0), Of("CUP"));
    }

    [Fact]
    public void Taking_back_what_was_committed_leaves_the_stock_as_it_was()
    {
        StockLine[] lines = [new("CUP", 6), new("POT", 1)];
        StockDecision.Hold(lines, _products);
        StockDecision.Commit(lines, _products);
        StockDecision.TakeBack(lines, _products);
        Assert.Equal((10, 4, 6), Of("CUP"));
        Assert.Equal((1, 0, 1), Of("POT"));
    }

    private (int OnHand, int Reserved, int Available) Of(string sku) =>
        (_products[sku].OnHand, _products[sku].Reserved, _products[sku].Available);
}
