namespace OrderSample.Nemesis.Checking;

/// <summary>Both equations of the stock, and what the two ledgers say of each order.</summary>
internal static class StockRules
{
    public static Rule OfEachOrder { get; } = new("an order and its reservation agree", facts =>
        from order in facts.Orders.Values
        where order.IsFinal && !Agree(order)
        select new Finding($"Order {order.OrderId} is {order.Status}, and its reservation is {order.Reservation ?? "unknown"}.", order.OrderId));

    public static Rule ReservedIsHeld { get; } = new("what is reserved is held for an order", facts =>
        from stock in facts.Stock
        let held = Pieces(facts, stock.Sku, order => order.Reservation == "Held")
        where stock.Reserved != held
        select new Finding($"Of {stock.Sku} {stock.Reserved} are reserved, and {held} are held for orders."));

    public static Rule LeftIsCompleted { get; } = new("what left the shelf is what completed orders ordered", facts =>
        from stock in facts.Stock
        let completed = Pieces(facts, stock.Sku, order => order.Status == "Completed")
        where stock.Before - stock.OnHand != completed
        select new Finding($"Of {stock.Sku} {stock.Before - stock.OnHand} left the shelf, and completed orders ordered {completed}."));

    private static bool Agree(OrderFacts order) => order.Status switch
    {
        "Completed" => order.Reservation == "Committed",
        "Rejected" => order.Reservation == "Refused",
        _ => order.Reservation is "Released" or "Refused",
    };

    private static int Pieces(Facts facts, string sku, Func<OrderFacts, bool> which) =>
        facts.Orders.Values.Where(which).SelectMany(order => order.Lines).Where(line => line.Sku == sku).Sum(line => line.Quantity);
}
