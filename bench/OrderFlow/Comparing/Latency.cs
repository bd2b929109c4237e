using OrderSample.Bench.Measuring;
using OrderSample.Bench.Offering;
using OrderSample.Bench.Reporting;
using OrderSample.Bench.Running;
using OrderSample.Bench.Shared;

namespace OrderSample.Bench.Comparing;

/// <summary>What customers wait for when orders come at a fixed rate, and what an order costs when little can be done for many at a time.</summary>
internal static class Latency
{
    public static IReadOnlyList<int> Rates { get; } = [20, 50, 100];

    /// <summary>Measures the systems in turn, one rate after the other.</summary>
    /// <param name="part">What the figures are part of.</param>
    /// <param name="systems">What is compared, by name.</param>
    /// <param name="options">Rounds, and how long each takes.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IReadOnlyList<Figure>> Compare(string part, IReadOnlyList<(string Name, SystemUnderTest Subject)> systems, BenchOptions options, CancellationToken cancellationToken)
    {
        var figures = new List<Figure>();
        foreach (var rate in Rates)
            figures.AddRange(await Turns.Measure(part, options.Rounds, systems, system => Measure(system, rate, options, cancellationToken), cancellationToken));
        return figures;
    }

    public static async Task<IReadOnlyList<Reading>> Measure(SystemUnderTest system, int perSecond, BenchOptions options, CancellationToken cancellationToken)
    {
        await using var customers = await Customers.Of(system, cancellationToken);
        var before = await Consumption.Of(system, cancellationToken);
        var waited = await TimedLoad.Run(perSecond, options.Time, meant => customers.Order(meant, cancellationToken), cancellationToken);
        var cost = (await Consumption.Of(system, cancellationToken)).ProcessorTimeSince(before, waited.Count);
        return
        [
            .. Percentiles("accepted", waited.Select(x => x.Accepted)),
            .. Percentiles("completed", waited.Select(x => x.Completed)),
            new Reading($"CPU, system, at {perSecond}/s", "ms an order", cost),
        ];

        IEnumerable<Reading> Percentiles(string what, IEnumerable<TimeSpan> times)
        {
            double[] milliseconds = [.. times.Select(x => x.TotalMilliseconds)];
            return [new($"{what} at {perSecond}/s, p50", "ms", milliseconds.Percentile(50)), new($"{what} at {perSecond}/s, p99", "ms", milliseconds.Percentile(99))];
        }
    }
}
