using OrderSample.Bench.Shared;
using OrderSample.Nemesis.Recording;

namespace OrderSample.Failures.Reporting;

/// <summary>What a fault cost, in seconds and requests.</summary>
/// <param name="Completions">The longest time in which no order was completed.</param>
/// <param name="Acceptances">The longest time in which no order was accepted.</param>
/// <param name="Slow">What 99 of 100 orders that were placed meanwhile took at most, from the first request to their completion.</param>
/// <param name="Late">The longest that a customer waited for an order to be accepted, repeated requests included.</param>
/// <param name="Refused">Requests answered with 429 or 503.</param>
/// <param name="Unanswered">Requests that were not answered.</param>
/// <param name="From">When the longest pause in completions began, UTC.</param>
internal sealed record Pauses(double Completions, double Acceptances, double Slow, double Late, int Refused, int Unanswered, DateTimeOffset From)
{
    /// <summary>Pauses count from a little before the fault: it may fall into one that was under way.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(1);

    /// <summary>Looks at all orders of a round.</summary>
    /// <param name="orders">With their requests.</param>
    /// <param name="completed">When each was completed, UTC.</param>
    /// <param name="begin">When the fault began, UTC.</param>
    /// <param name="end">When nothing was broken any more, UTC.</param>
    public static Pauses Of(IReadOnlyCollection<OrderLine> orders, IReadOnlyDictionary<Guid, DateTimeOffset> completed, DateTimeOffset begin, DateTimeOffset end)
    {
        var accepted = orders.Select(order => order.Requests.First(x => x.IsAccepted)).Select(x => x.At.AddSeconds(x.Took));
        var (pause, from) = Longest(completed.Values, begin - Before);
        var during = orders.Where(x => x.Requests[0].At >= begin && x.Requests[0].At <= end).ToList();
        var requests = orders.SelectMany(x => x.Requests).Where(x => x.At.AddSeconds(x.Took) >= begin).ToList();
        return new Pauses(pause, Longest(accepted, begin - Before).Seconds,
            during.Select(x => (completed[x.OrderId] - x.Requests[0].At).TotalSeconds).DefaultIfEmpty().Percentile(99),
            orders.Max(x => (x.Requests.First(request => request.IsAccepted) is var last ? last.At.AddSeconds(last.Took) - x.Requests[0].At : default).TotalSeconds),
            requests.Count(x => x.Status is 429 or 503), requests.Count(x => x.Status is null), from);
    }

    private static (double Seconds, DateTimeOffset From) Longest(IEnumerable<DateTimeOffset> moments, DateTimeOffset since)
    {
        DateTimeOffset[] sorted = [.. moments.Order()];
        return sorted.Zip(sorted.Skip(1)).Where(x => x.Second >= since).Select(x => ((x.Second - x.First).TotalSeconds, x.First)).DefaultIfEmpty().MaxBy(x => x.Item1);
    }
}
