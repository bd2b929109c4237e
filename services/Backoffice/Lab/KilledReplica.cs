using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Backoffice.Lab;

/// <summary>Of two replicas one is killed in the middle of its work.</summary>
internal sealed class KilledReplica : Experiment
{
    private const int Orders = 30;
    private StockRow _before = null!;

    public override Description About { get; } = new(
        "killed-replica", "A killed replica", Hops.SeveralNodes,
        "One of the inventory's replicas is killed in mid-work. The others take over what it had, and all orders complete.",
        new Explanation(
            "What the dead replica had not acknowledged goes back to the queue, and another one takes it. Inbox and transaction see to it that what it had committed is not done again.",
            "consumer-acks", "AReplicaFails.When_one_of_two_is_killed_of_each_service_in_the_middle_of_500_orders_every_order_completes",
            new CodePlace("AppHost/Breaking/Faults/KilledProcess.cs", "process.Kill(entireProcessTree: true);")),
        Seconds: 30);

    public override IReadOnlyList<string> Queues => ["inventory-reservations"];

    public override string? Lacks(SystemShape system) =>
        system.Resources.FirstOrDefault(x => x.Name == ServiceNames.Inventory) is { Replicas: > 1 } ? null : "It needs several replicas: start the system with --replicas 2.";

    public override IReadOnlyList<Step> Steps =>
    [
        new($"Place {Orders} orders, and kill one replica meanwhile", $"Orders: place {Orders} orders, paid at once. kill -9 of one process of InventoryService.", 60, async (lab, token) =>
        {
            _before = await lab.StockAsync(1_000, token);
            for (var i = 0; i < Orders; i++)
            {
                Trial.Must("Pay an order", await lab.PayAsync(await lab.PlaceAsync(token), token));
                if (i == Orders / 2)
                    await lab.BreakAsync("killed", ServiceNames.Inventory, token);
            }
        }),
        new("See them all complete without it", "Orders: they are Completed. Chaos: inventory-service is Crashed, with one replica that runs.", 120, async (lab, token) =>
        {
            foreach (var order in lab.Orders)
                await lab.ReachesAsync(order, "Completed", token);
            var inventory = (await lab.System.ResourcesAsync(token)).Single(x => x.Name == ServiceNames.Inventory);
            lab.Claim("One replica is down meanwhile.", inventory.Running < inventory.Replicas, $"{inventory.Running} of {inventory.Replicas} run");
            await lab.ClaimStockAsync(_before, sold: Orders, token);
        }),
        new("Start it again", "Chaos: start inventory-service.", 90, async (lab, token) =>
        {
            await lab.MendAsync("killed", ServiceNames.Inventory, token);
            await lab.IsAsync(ServiceNames.Inventory, "Running", token);
        }),
    ];
}
