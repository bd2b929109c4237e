using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;
using OrderSample.Contracts.Inventory;

namespace OrderSample.Backoffice.Lab;

/// <summary>A consumer that is away leaves its work in its queue.</summary>
internal sealed class InventoryAway : Experiment
{
    private const int Orders = 10;
    private StockRow _before = null!;

    public override Description About { get; } = new(
        "inventory-away", "The inventory is away", Hops.Broker,
        "Orders are taken while the inventory is stopped, and wait. When it is back they all complete.",
        new Explanation(
            "Commands wait in a durable quorum queue, each written to disk before its sender is told that it has arrived. The order service does not know whether the inventory runs, and need not.",
            "durability", "NothingIsLostWhenSomethingBreaks.When_the_inventory_is_stopped_orders_are_accepted_and_complete_once_it_is_back",
            new CodePlace("services/OrderService/DrivingOrder/OrderStateMachine.cs", "accepted => ReserveStock(accepted).TransitionTo(Submitted)"),
            new CodePlace("services/Contracts/Inventory/InventoryAddresses.cs", "new($\"exchange:{ReservationsQueue}\")")),
        Seconds: 25);

    public override IReadOnlyList<string> Queues => [InventoryAddresses.ReservationsQueue];

    public override IReadOnlyList<Step> Steps =>
    [
        new("Stop the inventory", "Chaos: stop inventory-service.", 60, async (lab, token) =>
        {
            _before = await lab.StockAsync(1_000, token);
            await lab.StopAsync(ServiceNames.Inventory, token);
        }),
        new($"Place {Orders} orders, and pay them", $"Orders: place {Orders} orders, paid at once.", 60, async (lab, token) =>
        {
            for (var i = 0; i < Orders; i++)
                Trial.Must("Pay an order", await lab.PayAsync(await lab.PlaceAsync(token), token));
            lab.Claim($"All {Orders} orders and payments are accepted.", true, $"{Orders} accepted");
            await lab.UntilAsync($"{Orders} commands in {InventoryAddresses.ReservationsQueue}", lab.System.QueuesAsync,
                queues => queues.GetValueOrDefault(InventoryAddresses.ReservationsQueue) >= Orders, queues => $"{queues.GetValueOrDefault(InventoryAddresses.ReservationsQueue)} messages", token);
            var order = await lab.FindOrderAsync(lab.Orders[0], token);
            lab.Claim("They wait for their stock.", order.Status == "Submitted", order.Status);
        }),
        new("Start the inventory", "Chaos: start inventory-service.", 90, (lab, token) => lab.StartAsync(ServiceNames.Inventory, token)),
        new("See them all complete", "Orders: they are Completed, one after another.", 90, async (lab, token) =>
        {
            foreach (var order in lab.Orders)
                await lab.ReachesAsync(order, "Completed", token);
            await lab.ClaimStockAsync(_before, sold: Orders, token);
        }),
    ];
}
