using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Backoffice.Lab;

/// <summary>A paid order whose delivery is never confirmed is given up, and the money goes back.</summary>
internal sealed class NeverAnswered : Experiment
{
    private const int Resends = 2;

    private static readonly Dictionary<string, string> Impatient = new()
    {
        ["Saga:StockTimeout"] = "00:00:05",
        ["Saga:ConfirmTimeout"] = "00:00:05",
        ["Saga:ReleaseTimeout"] = "00:00:05",
        ["Saga:MaxResends"] = "2",
        ["Messaging:Redelivery:Delays:0"] = "00:00:00.100",
        ["Messaging:Redelivery:Delays:1"] = "00:00:00.100",
        ["Messaging:Retry:Limit"] = "2",
    };

    private Guid _order;

    public override Description About { get; } = new(
        "never-answered", "The inventory never answers", Hops.Saga,
        "A paid order whose delivery is never confirmed is asked for again, and again, and then given up. The money goes back, and nothing stays held when the inventory answers at last.",
        new Explanation(
            "With each command goes a timeout, and each timeout sends it again, a few times. After the last one the saga gives the money back and sends the release, which undoes whatever the inventory may have done meanwhile.",
            "compensation", "APaidOrderIsGivenUp.When_the_inventory_is_down_for_too_long_the_payment_goes_back_once_and_the_order_is_parked_until_the_stock_is_released",
            new CodePlace("services/OrderService/DrivingOrder/OrderStateMachine.cs", "When(ConfirmTimeout.Received).IfElse(MayResend"),
            new CodePlace("services/OrderService/DrivingOrder/OrderStateMachine.cs", "Paid, but the warehouse did not confirm the delivery; the money goes back.")),
        Seconds: 60);

    public override IReadOnlyList<string> Queues => ["inventory-reservations"];

    public override string? Lacks(SystemShape system) => system.LacksSingleReplicas;

    public override IReadOnlyList<Step> Steps =>
    [
        new("Have the saga wait for seconds only", "./run.sh with --Saga:ConfirmTimeout=00:00:05 --Saga:MaxResends=2; else it takes minutes.", 90, async (lab, token) =>
        {
            await lab.StockAsync(100, token);
            await lab.RunWithAsync(ServiceNames.Orders, Impatient, token);
        }),
        new("Place an order", "Orders: place an order.", 60, async (lab, token) =>
        {
            _order = await lab.PlaceAsync(token);
            await lab.ReachesAsync(_order, "AwaitingPayment", token);
        }),
        new("Make the inventory slow, and pay", "Chaos: a delay of ten minutes for inventory-service. The order's page: pay it.", 30, async (lab, token) =>
        {
            await lab.SetChaosAsync(ServiceNames.Inventory, new ChaosState(DelayMs: 600_000), token);
            Trial.Must("Pay the order", await lab.PayAsync(_order, token));
        }),
        new("See it asked for again, and given up", "The order's page: Command sent again, twice; then it needs attention, and its payment is refunded.", 90, async (lab, token) =>
        {
            var order = await lab.ReachesAsync(_order, "NeedsAttention", token);
            var resent = order.Timeline.Count(x => x.Event == "Resent");
            lab.Claim($"Its command was sent again {Resends} times.", resent == Resends, $"{resent} times");
            lab.Note("Reason", order.Reason ?? "none", $"/orders/{_order}");
            await lab.ToldAsync(_order, "PaymentRefunded", token);
        }),
        new("Let the inventory answer", "Chaos: restore inventory-service. The order is cancelled, and its stock released.", 60, async (lab, token) =>
        {
            await lab.RestoreAsync(ServiceNames.Inventory, token);
            await lab.UntilAsync($"order {_order} to be Cancelled", cancel => lab.FindOrderAsync(_order, cancel), order => order.Status == "Cancelled", order => order.Status, token);
            await lab.ClaimReservationAsync(_order, "Released", token);
        }),
    ];
}
