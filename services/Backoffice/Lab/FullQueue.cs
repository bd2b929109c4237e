using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;
using OrderSample.Contracts.Inventory;

namespace OrderSample.Backoffice.Lab;

/// <summary>A queue that is full refuses, and its sender keeps what it has.</summary>
internal sealed class FullQueue : Experiment
{
    private const int Orders = 5;
    private StockRow _before = null!;

    public override Description About { get; } = new(
        "full-queue", "A full queue", Hops.DatabaseToBroker,
        "A full queue refuses what is sent to it. The sender keeps its messages, other queues get theirs, and all orders complete when there is room.",
        new Explanation(
            "The queue is declared to reject what it has no room for, instead of dropping its oldest messages, and the refusal comes back to the publisher. The rows stay in the outbox, and only that destination rests.",
            "backlog", "AnOutageIsNobodysFault.When_a_queue_is_full_for_long_its_messages_wait_and_others_pass",
            new CodePlace("AppHost/Breaking/Faults/FullQueue.cs", "[\"max-length\"] = 0")),
        Seconds: 30);

    public override IReadOnlyList<string> Queues => [InventoryAddresses.ReservationsQueue];

    public override IReadOnlyList<string> Outboxes => [ServiceNames.Orders];

    public override IReadOnlyList<Step> Steps =>
    [
        new("Stop the inventory, and leave its queue no room", "Chaos: stop inventory-service. The broker's own page: a policy for the queue inventory-reservations with max-length 0.", 60, async (lab, token) =>
        {
            _before = await lab.StockAsync(1_000, token);
            await lab.StopAsync(ServiceNames.Inventory, token);
            await lab.BreakAsync("full-queue", InventoryAddresses.ReservationsQueue, token);
        }),
        new($"Place {Orders} orders, and pay them", $"Orders: place {Orders} orders, paid at once. Flow says that the queue refuses.", 60, async (lab, token) =>
        {
            for (var i = 0; i < Orders; i++)
                Trial.Must("Pay an order", await lab.PayAsync(await lab.PlaceAsync(token), token));
            var outbox = await lab.UntilAsync("the outbox of order-service to say that the queue refuses", lab.OutboxAsync, fill => fill.Refusing.Count > 0,
                fill => $"{fill.Waiting} messages, {fill.Refusing.Count} destinations refuse", token);
            lab.Note("Outbox of order-service", $"{outbox.Refusing[0].Destination} refuses: {outbox.Refusing[0].Reason}", "/flow");
        }),
        new("Give it room again, and start the inventory", "The broker's own page: delete the policy. Chaos: start inventory-service.", 90, async (lab, token) =>
        {
            await lab.MendAsync("full-queue", InventoryAddresses.ReservationsQueue, token);
            await lab.StartAsync(ServiceNames.Inventory, token);
        }),
        new("See them all complete", "Flow: the outbox runs empty. Orders: they are Completed.", 120, async (lab, token) =>
        {
            foreach (var order in lab.Orders)
                await lab.ReachesAsync(order, "Completed", token);
            await lab.ClaimStockAsync(_before, sold: Orders, token);
        }),
    ];
}
