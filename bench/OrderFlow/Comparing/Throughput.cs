using System.Diagnostics;
using OrderSample.Bench.Measuring;
using OrderSample.Bench.Offering;
using OrderSample.Bench.Reporting;
using OrderSample.Bench.Running;

namespace OrderSample.Bench.Comparing;

/// <summary>Completed orders a second, offered as fast as they are accepted, and what an order costs meanwhile.</summary>
internal static class Throughput
{
    /// <summary>The orders that a demo sees, and a test.</summary>
    private const int FirstOrders = 1_000;

    /// <summary>Runs orders through a system until its code is compiled, its pools are filled and its queries are planned.</summary>
    /// <returns>How fast the first of them were completed.</returns>
    public static async Task<Reading?> WarmUp(SystemUnderTest system, BenchOptions options, CancellationToken cancellationToken)
    {
        Progress.Say($"warming up {system.Name} ...");
        await using var customers = await Customers.Of(system, cancellationToken);
        return await SteadyLoad.Run(customers, options.InFlight, async completed =>
        {
            if (options.WarmUp < FirstOrders)
            {
                await completed(options.WarmUp);
                return null;
            }

            var begin = Stopwatch.GetTimestamp();
            var end = await completed(FirstOrders);
            await completed(options.WarmUp - FirstOrders);
            return new Reading($"throughput of the first {FirstOrders:N0} orders after the start", "orders/s", FirstOrders / Stopwatch.GetElapsedTime(begin, end).TotalSeconds);
        }, cancellationToken);
    }

    public static async Task<IReadOnlyList<Reading>> Measure(SystemUnderTest system, BenchOptions options, CancellationToken cancellationToken)
    {
        await using var customers = await Customers.Of(system, cancellationToken);
        return await SteadyLoad.Run(customers, options.InFlight, async completed =>
        {
            // Until every one of the customers has begun a second order, they all are at the same point of it.
            var begin = await completed(2 * options.InFlight);
            var before = await Consumption.Of(system, cancellationToken);
            var end = await completed(options.Orders);
            var after = await Consumption.Of(system, cancellationToken);
            return (IReadOnlyList<Reading>)
            [
                new Reading("throughput", "orders/s", options.Orders / Stopwatch.GetElapsedTime(begin, end).TotalSeconds),
                .. after.Since(before, options.Orders),
                new Reading("customers answered 429", "times", customers.Rejected),
            ];
        }, cancellationToken);
    }

    /// <summary>The most memory that each process ever used.</summary>
    public static async Task<IReadOnlyList<Reading>> Memory(SystemUnderTest system, CancellationToken cancellationToken)
    {
        var readings = new List<Reading>();
        foreach (var name in system.Processes.Where(x => x != SystemUnderTest.Database))
            readings.Add(new Reading($"peak memory, {name}", "MiB", (await system.ProcessOf(name, cancellationToken)).PeakMemory()));
        return readings;
    }
}
