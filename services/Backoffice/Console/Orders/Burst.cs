namespace OrderSample.Backoffice.Console.Orders;

/// <summary>Many orders to place.</summary>
/// <param name="Count">How many.</param>
/// <param name="Rate">How many a second.</param>
/// <param name="Sku">What each orders one piece of.</param>
/// <param name="Pay">Whether each is paid at once.</param>
public sealed record Burst(int Count, int Rate, string Sku, bool Pay)
{
    /// <summary>Most orders of a burst.</summary>
    public const int MaxCount = 100_000;

    /// <summary>Most orders a second.</summary>
    public const int MaxRate = 1_000;

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Problem() =>
        Count is < 1 or > MaxCount ? $"A burst has 1 to {MaxCount} orders."
        : Rate is < 1 or > MaxRate ? $"The rate is 1 to {MaxRate} orders a second."
        : string.IsNullOrWhiteSpace(Sku) ? "Say what to order."
        : null;
}

/// <summary>How a burst stands.</summary>
/// <param name="Burst">What was asked for; null when there was none yet.</param>
/// <param name="Placed">Orders that the order service has taken.</param>
/// <param name="Seconds">How long it has been at it.</param>
/// <param name="IsRunning">Whether it still is.</param>
/// <param name="Problem">Why it is held up, or ended too early.</param>
public sealed record BurstProgress(Burst? Burst, int Placed, double Seconds, bool IsRunning, string? Problem)
{
    /// <summary>Orders a second so far.</summary>
    public double Rate => Seconds > 0 ? Placed / Seconds : 0;
}
