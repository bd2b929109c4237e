using OrderSample.Nemesis.Offering;
using OrderSample.Nemesis.Recording;

namespace OrderSample.Nemesis.Checking;

/// <summary>What was accepted ends, and in a state that its customer can have brought about.</summary>
internal static class OrderRules
{
    /// <summary>How long after its time a payment may be committed: a locked table, a frozen service. Its event may be as late as it likes, since the saga looks into the ledger.</summary>
    private static readonly TimeSpan Committing = TimeSpan.FromSeconds(30);

    public static Rule AcceptedIsKnown { get; } = new("every accepted order is known", facts =>
        from x in facts.Accepted where x.Order is null select new Finding($"Order {x.Offered.OrderId} was accepted, and the service does not know it.", x.Offered.OrderId));

    public static Rule AcceptedIsFinal { get; } = new("every accepted order is final", facts =>
        from x in facts.Accepted where x.Order is { IsFinal: false } select new Finding($"Order {x.Offered.OrderId} is {x.Order!.Status}.", x.Offered.OrderId));

    public static Rule OutcomeIsLegal { get; } = new("every order ends as its customer meant, or was too late for", facts =>
        from x in facts.Accepted
        where x.Order is { IsFinal: true }
        let wrong = Wrong(x.Offered, x.Order!, facts.PaymentTimeout)
        where wrong is not null
        select new Finding($"Order {x.Offered.OrderId} was to be {x.Offered.Plan}, and is {x.Order!.Status} ({x.Order.Reason}): {wrong}.", x.Offered.OrderId));

    private static string? Wrong(OrderLine offered, OrderFacts order, TimeSpan paymentTimeout) => (offered.Plan, order.Status) switch
    {
        (OrderPlan.Short, "Rejected") => null,
        (OrderPlan.Short, _) => "there is too little of it",
        (_, "Rejected") => "there is enough of everything",
        (OrderPlan.Paid or OrderPlan.PaidAndCancelled, "Completed") => order.Payments.Count > 0 ? null : "nobody paid it",
        (_, "Completed") => "nobody paid it",
        (OrderPlan.Paid, "Cancelled") => WasPaidInTime(order, paymentTimeout) ? "it was paid in time, and nobody cancelled it" : null,
        (_, "Cancelled") => null,
        _ => "no order ends like this",
    };

    private static bool WasPaidInTime(OrderFacts order, TimeSpan paymentTimeout) => order.Payments.Count > 0
        && (order.When("PaymentTimeoutExpired") ?? order.When("StockReserved") + paymentTimeout) is { } expired && order.Payments.Min(x => x.At) + Committing < expired;
}
