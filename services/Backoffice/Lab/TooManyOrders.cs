using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Backoffice.Lab;

/// <summary>What can't be done in time is refused at the door.</summary>
internal sealed class TooManyOrders : Experiment
{
    private const int Room = 20;
    private const int Offered = 40;
    private static readonly Dictionary<string, string> LittleRoom = new() { ["Admission:MaxOrdersInFlight"] = "20", ["Saga:PaymentTimeout"] = "00:05:00" };
    private readonly List<Guid> _refused = [];
    private StockRow _before = null!;

    public override Description About { get; } = new(
        "too-many-orders", "Too many orders", Hops.WholeSystem,
        "With more orders on their way than it has room for, the order service answers 429, and has stored nothing. Those that were accepted complete, and the others are taken when they come again.",
        new Explanation(
            "Whether there is room is decided before anything is stored, so an order is either accepted with its message or refused without a trace. Sent again under the same id, it is placed once.",
            "peak-shaving", "PeaksAreTurnedAway.When_5000_orders_come_at_once_some_are_told_to_wait_and_every_accepted_one_ends",
            new CodePlace("services/OrderService/SubmittingOrder/SubmitOrderEndpoint.cs", "await submission.SubmitAsync(request, cancellationToken)")),
        Seconds: 45);

    public override string? Lacks(SystemShape system) => system.LacksSingleReplicas;

    public override IReadOnlyList<Step> Steps =>
    [
        new($"Leave room for {Room} orders", $"./run.sh with --Admission:MaxOrdersInFlight={Room}; by itself there is room for 2,000.", 90, async (lab, token) =>
        {
            _before = await lab.StockAsync(1_000, token);
            await lab.RunWithAsync(ServiceNames.Orders, LittleRoom, token);
        }),
        new($"Make the inventory slow, and offer {Offered} orders", "Chaos: a delay of ten minutes for inventory-service. Orders: a burst of many orders, not paid. It says how many were sent again.", 60, async (lab, token) =>
        {
            await lab.SetChaosAsync(ServiceNames.Inventory, new ChaosState(DelayMs: 600_000), token);
            for (var i = 0; i < Offered; i++)
            {
                var (order, refusal) = await lab.OfferAsync(token);
                if (refusal is not null)
                {
                    _refused.Add(order);
                    lab.Note("Refused", refusal);
                }

                if (_refused.Count >= 3)
                    break;
            }

            lab.Claim("Some are refused.", _refused.Count > 0, $"{_refused.Count} refused, {lab.Orders.Count - _refused.Count} accepted");
            foreach (var order in _refused)
            {
                var stored = await lab.System.UseAsync<OrderServiceClient, OrderDetails?>(client => client.FindAsync(order, token));
                lab.Claim($"Of the refused order {order} nothing is stored.", stored is null, stored?.Status ?? "nothing");
            }
        }),
        new("Let the inventory work, and pay the others", "Chaos: restore inventory-service. Orders: they are Completed.", 120, async (lab, token) =>
        {
            await lab.RestoreAsync(ServiceNames.Inventory, token);
            foreach (var order in lab.Orders.Except(_refused))
                await lab.PayAndCompleteAsync(order, token);
        }),
        new("Offer the refused ones again, under their ids", "The burst does it by itself: what is refused is sent again.", 120, async (lab, token) =>
        {
            foreach (var order in _refused)
            {
                await lab.UntilAsync($"room for order {order}", cancel => lab.OfferAgainAsync(order, cancel), problem => problem is null, problem => problem ?? "accepted", token);
                await lab.PayAndCompleteAsync(order, token);
            }

            await lab.ClaimStockAsync(_before, sold: lab.Orders.Count, token);
        }),
    ];
}
