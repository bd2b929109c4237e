namespace OrderSample.Nemesis.Offering;

/// <summary>What a customer means to do with an order.</summary>
internal enum OrderPlan
{
    /// <summary>Pay it.</summary>
    Paid,

    /// <summary>Cancel it, without having paid.</summary>
    Cancelled,

    /// <summary>Pay and cancel it at the same moment.</summary>
    PaidAndCancelled,

    /// <summary>Neither.</summary>
    Unpaid,

    /// <summary>It asks for more than there is.</summary>
    Short,
}

/// <summary>A line of an order.</summary>
/// <param name="Sku">The product.</param>
/// <param name="Quantity">How many.</param>
internal sealed record Line(string Sku, int Quantity);

/// <summary>An order before it is placed. The seed and its number decide all of it.</summary>
/// <param name="OrderId">Its id, by which it can be placed again when an answer is lost.</param>
/// <param name="PaymentId">The id of its payment.</param>
/// <param name="Plan">What the customer means to do.</param>
/// <param name="Lines">What is ordered.</param>
/// <param name="Thinking">How long the customer waits before that.</param>
internal sealed record Intent(Guid OrderId, Guid PaymentId, OrderPlan Plan, IReadOnlyList<Line> Lines, TimeSpan Thinking)
{
    private static readonly TimeSpan LongestThinking = TimeSpan.FromSeconds(6);

    /// <summary>Amount to pay.</summary>
    public decimal Total => Lines.Sum(x => x.Quantity) * Assortment.UnitPrice;

    /// <summary>The order of that number.</summary>
    /// <param name="seed">The run's.</param>
    /// <param name="number">From 0.</param>
    /// <param name="mayStayUnpaid">Whether there is time for a payment to be waited for in vain.</param>
    public static Intent Of(int seed, int number, bool mayStayUnpaid)
    {
        var random = new Random(unchecked((seed * 1_000_003) + number));
        var (orderId, paymentId) = (NewId(random), NewId(random));
        var plan = random.Next(10) switch
        {
            < 6 => OrderPlan.Paid,
            6 => OrderPlan.Cancelled,
            7 => OrderPlan.PaidAndCancelled,
            8 when mayStayUnpaid => OrderPlan.Unpaid,
            8 => OrderPlan.Paid,
            _ => OrderPlan.Short,
        };
        List<Line> lines = [.. Assortment.Skus(random.Next(), random.Next(1, 4)).Select(sku => new Line(sku, random.Next(1, 4)))];
        if (plan == OrderPlan.Short)
            lines.Add(new Line(Assortment.ScarceSku, Assortment.ScarceOnHand + 1));
        return new Intent(orderId, paymentId, plan, lines, random.NextDouble() * LongestThinking);
    }

    private static Guid NewId(Random random)
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }
}
