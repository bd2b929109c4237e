using OrderSample.Bench.Comparing;
using OrderSample.Bench.Reporting;
using OrderSample.Bench.Running;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.Bench.Growing;

/// <summary>The same throughput with few and with many orders in the tables.</summary>
internal static class Growth
{
    // The yardstick comes last, as in every comparison.
    private static readonly int[] Orders = [1_000_000, 100_000, 1_000];

    public static async Task<Report> Run(BenchOptions options, CancellationToken cancellationToken)
    {
        var startedAt = DateTimeOffset.UtcNow;
        Func<CancellationToken, Task<SystemUnderTest>>[] starts = [.. Orders.Select(orders => (Func<CancellationToken, Task<SystemUnderTest>>)(token => Start(orders, token)))];
        await using var systems = await Systems.Start(options, cancellationToken, starts);
        return new Report(systems.Machine, startedAt,
        [
            .. await Turns.Measure("growth", options.Rounds, systems.All, system => Throughput.Measure(system, options, cancellationToken), cancellationToken),
            .. await Turns.Measure("growth", 1, systems.All, system => Throughput.Memory(system, cancellationToken), cancellationToken),
        ]);
    }

    private static async Task<SystemUnderTest> Start(int orders, CancellationToken cancellationToken)
    {
        var system = await RealSystem.Start(FormattableString.Invariant($"{orders:N0} orders"), cancellationToken);
        var longAgo = DateTimeOffset.UtcNow.AddDays(-300);
        foreach (var (database, sql) in (IEnumerable<(string, string)>)[.. OldOrders.Inserts, .. OldOrders.Ledger])
            await system.Execute(database, sql, cancellationToken, 1, orders, longAgo);
        foreach (var database in OldOrders.Inserts.Select(x => x.Database))
            await system.Execute(database, "VACUUM ANALYZE", cancellationToken);
        return system;
    }
}
