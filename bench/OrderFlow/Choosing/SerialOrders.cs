using System.Diagnostics;
using System.Net.Http.Json;
using OrderSample.Bench.Comparing;
using OrderSample.Bench.Offering;
using OrderSample.Bench.Reporting;
using OrderSample.Bench.Running;
using OrderSample.Bench.Shared;

namespace OrderSample.Bench.Choosing;

/// <summary>
/// What the caller waits for: with messages, until the order is stored; without, until stock is held and mail and SMS are
/// sent, one call after the other. Both by the twin, which differs in nothing else.
/// </summary>
internal static class SerialOrders
{
    public static async Task<Report> Run(BenchOptions options, CancellationToken cancellationToken)
    {
        var startedAt = DateTimeOffset.UtcNow;
        await using var systems = await Systems.Start(options, cancellationToken, TwinSystem.Start);
        var twin = systems.All.Single().Subject;
        (string, string)[] subjects = [("in line", "serial/orders"), ("by messages", "orders")];
        return new Report(systems.Machine, startedAt,
            await Turns.Measure("serial", options.Rounds, subjects, path => Measure(twin, path, options, cancellationToken), cancellationToken));
    }

    private static async Task<IReadOnlyList<Reading>> Measure(SystemUnderTest twin, string path, BenchOptions options, CancellationToken cancellationToken)
    {
        for (var i = 0; i < options.WarmUp; i++)
            await Place(Stopwatch.GetTimestamp());
        var readings = new List<Reading>();
        foreach (var rate in Latency.Rates)
        {
            var waited = await TimedLoad.Run(rate, options.Time, Place, cancellationToken);
            readings.Add(new Reading($"the caller waits at {rate}/s, p50", "ms", waited.Percentile(50)));
            readings.Add(new Reading($"the caller waits at {rate}/s, p99", "ms", waited.Percentile(99)));
        }

        return readings;

        async Task<double> Place(long meant)
        {
            using var response = await twin.Orders.PostAsJsonAsync(path, Assortment.Order(Guid.NewGuid()), cancellationToken);
            response.EnsureSuccessStatusCode();
            return Stopwatch.GetElapsedTime(meant).TotalMilliseconds;
        }
    }
}
