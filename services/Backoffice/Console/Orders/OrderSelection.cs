using System.Globalization;
using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Console.Orders;

/// <summary>Which orders the page shows, in whatever state, as its address says it.</summary>
/// <param name="Search">What is searched for; null for all.</param>
/// <param name="Within">How long ago they were placed: a key of <see cref="Spans"/>, <see cref="Between"/>, or null for any time.</param>
/// <param name="From">With <see cref="Between"/>: placed then or later.</param>
/// <param name="To">With <see cref="Between"/>: placed earlier.</param>
public sealed record OrderSelection(string? Search, string? Within, DateTimeOffset? From, DateTimeOffset? To)
{
    /// <summary>Fewest characters that are searched for.</summary>
    public const int MinSearchLength = 2;

    /// <summary>Most characters that are searched for.</summary>
    public const int MaxSearchLength = 100;

    /// <summary>That the range is given by its ends.</summary>
    public const string Between = "between";

    /// <summary>Ranges that end now.</summary>
    public static readonly IReadOnlyList<(string Key, string Name, TimeSpan Span)> Spans =
    [
        ("15m", "Last 15 minutes", TimeSpan.FromMinutes(15)), ("1h", "Last hour", TimeSpan.FromHours(1)),
        ("24h", "Last 24 hours", TimeSpan.FromHours(24)), ("7d", "Last 7 days", TimeSpan.FromDays(7)),
    ];

    /// <summary>What is wrong with it; null when nothing is.</summary>
    public string? Problem =>
        Search is not (null or { Length: >= MinSearchLength and <= MaxSearchLength }) ? $"Search for {MinSearchLength} to {MaxSearchLength} characters."
        : Search?.Any(char.IsControl) == true ? "A search can't hold control characters."
        : From >= To ? "The time range ends before it begins."
        : null;

    /// <summary>Reads it from an address. What is no range there is any time.</summary>
    public static OrderSelection Parse(string? search, string? within, string? from, string? to)
    {
        var text = search?.Trim() is { Length: > 0 } some ? some : null;
        return within == Between ? new(text, within, Time(from), Time(to)) : new(text, Spans.Any(span => span.Key == within) ? within : null, null, null);
    }

    /// <summary>What it is at a moment.</summary>
    /// <param name="now">The moment, UTC.</param>
    public OrderFilter At(DateTimeOffset now) =>
        Within is null or Between ? new(Search, From, To) : new(Search, now - Spans.Single(span => span.Key == Within).Span, null);

    /// <summary>A time as it stands in an address.</summary>
    /// <param name="time">The time.</param>
    public static string? Text(DateTimeOffset? time) => time?.UtcDateTime.ToString("yyyy-MM-ddTHH:mm'Z'", CultureInfo.InvariantCulture);

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
