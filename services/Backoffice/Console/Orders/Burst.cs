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

    /// <summary>What is wrong with the number of orders; null when nothing is.</summary>
    public string? WrongCount => Count is < 1 or > MaxCount ? $"A burst has 1 to {MaxCount} orders." : null;

    /// <summary>What is wrong with the rate; null when nothing is.</summary>
    public string? WrongRate => Rate is < 1 or > MaxRate ? $"The rate is 1 to {MaxRate} orders a second." : null;

    /// <summary>What is wrong with the product; null when nothing is.</summary>
    public string? WrongSku => string.IsNullOrWhiteSpace(Sku) ? "Say what to order." : null;

    /// <summary>What is wrong with it first; null when nothing is.</summary>
    public string? Problem() => WrongCount ?? WrongRate ?? WrongSku;
}

/// <summary>How a burst stands.</summary>
/// <param name="Burst">What was asked for; null when there was none yet.</param>
/// <param name="By">Who asked; null when there was none yet.</param>
/// <param name="Offered">Orders that were sent to the order service so far.</param>
/// <param name="Placed">Of them, those that it has taken.</param>
/// <param name="TurnedAway">How often it turned a request away with 429, and was sent the same again.</param>
/// <param name="Failed">How often a request failed otherwise, and was sent again.</param>
/// <param name="Seconds">How long it has been at it.</param>
/// <param name="IsRunning">Whether it still is.</param>
/// <param name="Problem">Why it is held up, or ended too early.</param>
public sealed record BurstProgress(Burst? Burst, string? By, int Offered, int Placed, int TurnedAway, int Failed, double Seconds, bool IsRunning, string? Problem)
{
    /// <summary>What it is before there was a burst.</summary>
    public static readonly BurstProgress None = new(null, null, 0, 0, 0, 0, 0, IsRunning: false, null);

    /// <summary>From here on a burst counts as slower than asked for.</summary>
    private const double Slower = 0.9;

    /// <summary>Orders a second so far.</summary>
    public double Rate => Seconds > 0 ? Placed / Seconds : 0;

    /// <summary>Why it is slower than asked for; null when it is not, or has only begun.</summary>
    public string? WhySlower =>
        Burst is null || Placed < Burst.Rate || Rate >= Slower * Burst.Rate ? null
        : TurnedAway > 0 ? "The order service takes no more than it can complete, and turned some away for now."
        : Failed > 0 ? "The order service did not answer, or had a problem."
        : "The order service, or this machine, is not faster.";
}
