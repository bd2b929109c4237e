namespace OrderSample.Nemesis.Checking;

/// <summary>Money is kept for what was delivered, and for nothing else.</summary>
internal static class MoneyRules
{
    public static Rule OfEachOrder { get; } = new("of each order the money is kept that it costs, if it was completed", facts =>
        from order in facts.Orders.Values
        where order.IsFinal && order.Kept != Due(order)
        select new Finding($"Order {order.OrderId} is {order.Status}: {order.Payments.Sum(x => x.Amount)} were paid, {order.Refunds.Sum(x => x.Amount)} given back, and {Due(order)} are due.", order.OrderId));

    public static Rule OfAll { get; } = new("money paid less money given back is what completed orders cost", facts =>
    {
        var (kept, due) = (facts.Orders.Values.Sum(x => x.Kept), facts.Orders.Values.Sum(Due));
        return kept == due ? [] : [new Finding($"{kept} are kept, and completed orders cost {due}.")];
    });

    private static decimal Due(OrderFacts order) => order.Status == "Completed" ? order.Total : 0;
}
