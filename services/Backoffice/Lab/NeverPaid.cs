using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Backoffice.Lab;

/// <summary>An event that never comes is noticed by a timeout.</summary>
internal sealed class NeverPaid : Experiment
{
    private Guid _order;

    public override Description About { get; } = new(
        "never-paid", "Nobody pays", Hops.Saga,
        "An order whose payment never comes is cancelled when its time is over. Its stock goes back, and its customer is told.",
        new Explanation(
            "With the reservation the saga stores a timeout: a row of its outbox that is not due yet, so it outlives every process. When it comes, the order is given up and what was held for it is released.",
            "timeouts", "TimeoutsComeInVirtualTime.When_nobody_pays_an_order_is_called_off_after_its_time_and_not_before",
            new CodePlace("services/OrderService/DrivingOrder/OrderStateMachine.cs", "When(PaymentTimeout.Received)"),
            new CodePlace("services/OrderService/DrivingOrder/OrderStateMachine.Steps.cs", ".Schedule(StockTimeout")),
        Seconds: 70);

    public override IReadOnlyList<Step> Steps =>
    [
        new("Place an order, and do not pay it", "Orders: place one order.", 30, async (lab, token) =>
        {
            await lab.StockAsync(100, token);
            _order = await lab.PlaceAsync(token);
            await lab.ReachesAsync(_order, "AwaitingPayment", token);
            await lab.ClaimReservationAsync(_order, "Held", token);
        }),
        new("Wait until its time is over", "Open the order's page, and wait: in the demo a minute.", 180, async (lab, token) =>
        {
            var ended = await lab.ReachesAsync(_order, "Cancelled", token);
            lab.Claim("The order says that it was not paid in time.", ended.Reason?.Contains("Not paid in time", StringComparison.Ordinal) == true, ended.Reason ?? "no reason");
        }),
        new("Look at the stock and the mails", "The order's page shows its stock and its notifications.", 30, async (lab, token) =>
        {
            await lab.ClaimReservationAsync(_order, "Released", token);
            await lab.ToldAsync(_order, "OrderCancelled", token);
            lab.Note("Mail to the customer", "OrderCancelled", $"/orders/{_order}");
        }),
    ];
}
