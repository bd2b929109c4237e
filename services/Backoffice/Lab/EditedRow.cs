using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Backoffice.Lab;

/// <summary>What somebody changes by hand is found when the ledgers are compared.</summary>
internal sealed class EditedRow : Experiment
{
    private Guid _order;
    private StockRow _before = null!;

    public override Description About { get; } = new(
        "edited-row", "A row edited by hand", Hops.WholeSystem,
        "Somebody edits the inventory's table, and stock is held for an order that is cancelled. Reconciliation finds it, and has it released.",
        new Explanation(
            "No message says that something is wrong here, so the services' ledgers are compared. Where one repair is safe it is made by the usual command, and all else is reported to a person.",
            "reconciliation", "LedgersAreReconciled.When_the_stock_of_a_cancelled_order_is_held_it_is_released",
            new CodePlace("services/OrderService/Reconciling/LedgerComparison.cs", "class LedgerComparison"),
            new CodePlace("AppHost/Breaking/Faults/EditedRow.cs", "SET \"Status\" = 'Held'")),
        Seconds: 40);

    public override IReadOnlyList<Step> Steps =>
    [
        new("Place an order, and cancel it", "Orders: place an order. Its page: cancel it.", 60, async (lab, token) =>
        {
            _before = await lab.StockAsync(100, token);
            _order = await lab.PlaceAsync(token);
            await lab.ReachesAsync(_order, "AwaitingPayment", token);
            Trial.Must("Cancel the order", await lab.CancelAsync(_order, token));
            await lab.ReachesAsync(_order, "Cancelled", token);
            await lab.ToldAsync(_order, "OrderCancelled", token);
        }),
        new("Edit its row in the inventory's table", "sql inventory-db: set its reservation's Status to Held, and add 1 to its product's Reserved (the handbook's first page has the function sql).", 30, async (lab, token) =>
        {
            await lab.BreakAsync("edited-row", $"{_order}", token, new { sku = Sku, quantity = 1 });
            var stock = await lab.FindStockAsync(token);
            lab.Claim("A piece is held for nothing.", stock?.Reserved == _before.Reserved + 1, $"{stock?.Reserved - _before.Reserved} held");
        }),
        new("Compare the ledgers", "Reconciliation: run now, once the order has been at rest for the grace period (10 s in the demo).", 120, async (lab, token) =>
        {
            var found = await lab.UntilAsync("a run of reconciliation that finds it", cancel => lab.ReconcileAsync(_order, cancel), row => row is not null, row => row?.Found ?? "not yet", token);
            lab.Note("Reconciliation", $"{found!.Kind}: {found.Found} Repair: {found.Repair ?? "none"}", "/reconciliation");
            lab.Claim("It has one safe repair, which is made.", found is { Kind: "StockHeld", Repair: "ReleaseStock" }, $"{found.Kind}, {found.Repair}");
        }),
        new("See the stock released", "Stock: nothing is reserved.", 60, async (lab, token) =>
        {
            await lab.UntilAsync("the piece to be free again", lab.FindStockAsync, row => row?.Reserved == _before.Reserved, row => $"{row?.Reserved - _before.Reserved} held", token);
            await lab.ClaimReservationAsync(_order, "Released", token);
        }),
    ];
}
