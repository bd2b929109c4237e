using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;
using OrderSample.Contracts.Inventory;

namespace OrderSample.Backoffice.Lab;

/// <summary>A message that comes many times has one effect.</summary>
internal sealed class SameMessageFiftyTimes : Experiment
{
    private const int Copies = 50;
    private Guid _order;
    private StockRow _before = null!;

    public override Description About { get; } = new(
        "same-message-50-times", "The same message 50 times", Hops.Consumer,
        $"The command to reserve an order's stock comes {Copies} times more. The stock is held once, and the order goes on once.",
        new Explanation(
            "The inbox keeps the id of each message that was handled at an endpoint, in the transaction of its work: a second one with that id is dropped. One that has another id meets the reservation under the order's own id, and is answered as before.",
            "idempotency", "AMessageHasOneEffect.When_it_is_delivered_50_times_to_two_replicas",
            new CodePlace("outbox/MassTransit.EntityFrameworkCore/Inbox/InboxOutboxContextFactory.cs", "await inbox.TryInsert("),
            new CodePlace("services/InventoryService/ReservingStock/ReserveStockConsumer.cs", "context.LockReservationAsync(orderId")),
        Seconds: 15);

    public override IReadOnlyList<string> Queues => [InventoryAddresses.ReservationsQueue];

    public override IReadOnlyList<Step> Steps =>
    [
        new("Place an order", $"Orders: order three {Sku}.", 30, async (lab, token) =>
        {
            _before = await lab.StockAsync(1_000, token);
            _order = await lab.PlaceAsync(token, quantity: 3);
            await lab.ReachesAsync(_order, "AwaitingPayment", token);
        }),
        new($"Send its command {Copies} times more", $"The broker's own page: publish a ReserveStock message to {InventoryAddresses.ReservationsQueue} {Copies} times, with one message id.", 30, async (lab, token) =>
        {
            var id = await lab.System.UseAsync<CommandCopies, Guid>(copies => copies.SendAsync(_order, new StockLine(Sku, 3), Copies, token));
            lab.Note("Message id of the copies", $"{id}, {Copies} times confirmed by the broker");
        }),
        new("See that they are all handled", "Flow: inventory-reservations is empty.", 60, async (lab, token) =>
        {
            // An order that is placed after them is handled after them: one queue, and its messages in their order.
            var after = await lab.PlaceAsync(token, what: "placed after the copies");
            await lab.PayAndCompleteAsync(after, token);
            await lab.UntilAsync($"{InventoryAddresses.ReservationsQueue} to be empty", lab.System.QueuesAsync,
                queues => queues.GetValueOrDefault(InventoryAddresses.ReservationsQueue) == 0, queues => $"{queues.GetValueOrDefault(InventoryAddresses.ReservationsQueue)} messages", token);
            var stock = await lab.FindStockAsync(token);
            lab.Claim("Three pieces are held, as ordered.", stock?.Reserved - _before.Reserved == 3, $"{stock?.Reserved - _before.Reserved} held");
        }),
        new("Pay the order", "The order's page: pay it.", 60, async (lab, token) =>
        {
            var order = await lab.PayAndCompleteAsync(_order, token, quantity: 3);
            var reserved = order.Timeline.Count(x => x.Event == "StockReserved");
            lab.Claim("The order's timeline has its reservation once.", reserved == 1, $"{reserved} times");
            await lab.ClaimStockAsync(_before, sold: 4, token);
        }),
    ];
}
