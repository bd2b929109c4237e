using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Backoffice.Lab;

/// <summary>The customer pays in one window and cancels in another.</summary>
internal sealed class PaymentMeetsCancellation : Experiment
{
    private const int Orders = 20;
    private StockRow _before = null!;

    public override Description About { get; } = new(
        "payment-meets-cancellation", "Payment and cancellation at the same moment", Hops.Saga,
        "An order is paid and cancelled at once. One of the two wins: the order is completed, or it is cancelled and the money goes back.",
        new Explanation(
            "Both are events of one saga instance, whose row only one of them can change at a time. The second finds the state that the first has left, and every pair of state and event has its rule.",
            "saga", "PaymentAndCancellationMeet.When_200_orders_are_paid_and_cancelled_at_once_each_ends_in_one_of_the_two_with_stock_money_and_mails_to_match",
            new CodePlace("services/OrderService/DrivingOrder/OrderStateMachine.cs", "During(Confirming, Completed, When(CancellationRequested).Then(RefuseCancellation));"),
            new CodePlace("services/OrderService/DrivingOrder/OrderStateMachine.cs", "GiveBack(When(PaymentReceived))")),
        Seconds: 15);

    public override IReadOnlyList<Step> Steps =>
    [
        new($"Place {Orders} orders", $"Orders: place {Orders} orders, not paid.", 60, async (lab, token) =>
        {
            _before = await lab.StockAsync(1_000, token);
            for (var i = 0; i < Orders; i++)
                await lab.PlaceAsync(token);
            foreach (var order in lab.Orders)
                await lab.ReachesAsync(order, "AwaitingPayment", token);
        }),
        new("Pay and cancel each at once", "Two windows with one order's page: press Pay in one, and Cancel in the other.", 60, async (lab, token) =>
            await Task.WhenAll(lab.Orders.SelectMany(order => (Task[])[PayAsync(lab, order, token), lab.CancelAsync(order, token)]))),
        new("See that stock and money match the outcome", "Each order's page: Completed with its stock Committed, or Cancelled with its stock Released and its payment refunded.", 90, async (lab, token) =>
        {
            var ended = new List<OrderDetails>();
            foreach (var order in lab.Orders)
                ended.Add(await lab.EndsAsync(order, token));
            var (completed, cancelled) = (ended.Where(x => x.Status == "Completed").ToList(), ended.Where(x => x.Status == "Cancelled").ToList());
            lab.Claim($"Each of the {Orders} ended in one of the two.", completed.Count + cancelled.Count == Orders, $"{completed.Count} completed, {cancelled.Count} cancelled");
            var wrong = new List<string>();
            foreach (var order in ended)
            {
                var stock = (await lab.FindReservationAsync(order.OrderId, token))?.Status;
                if (stock != (order.Status == "Completed" ? "Committed" : "Released"))
                    wrong.Add($"{order.OrderId} is {order.Status}, its stock {stock ?? "nowhere"}");
            }

            lab.Claim("The stock of each completed order is Committed, and of each cancelled one Released.", wrong.Count == 0, wrong.Count == 0 ? "all are" : string.Join("; ", wrong));
            foreach (var order in cancelled)
                await lab.ToldAsync(order.OrderId, "PaymentRefunded", token);
            lab.Claim("Every cancelled order's money went back.", true, $"{cancelled.Count} refunds");
            await lab.ClaimStockAsync(_before, sold: completed.Count, token);
        }),
    ];

    private static async Task PayAsync(Trial lab, Guid order, CancellationToken cancellationToken) =>
        Trial.Must("Pay the order", await lab.PayAsync(order, cancellationToken));
}
