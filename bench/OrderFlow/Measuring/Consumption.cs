using System.Text.RegularExpressions;
using OrderSample.Bench.Reporting;
using OrderSample.Bench.Running;

namespace OrderSample.Bench.Measuring;

/// <summary>What a system has consumed so far. The difference of two, divided by the orders in between, is what an order costs.</summary>
internal sealed partial class Consumption
{
    private const string LoadGenerator = "load generator";

    private readonly Dictionary<string, TimeSpan> _processors;
    private readonly DatabaseCounts _database;

    private Consumption(Dictionary<string, TimeSpan> processors, DatabaseCounts database)
    {
        _processors = processors;
        _database = database;
    }

    public static async Task<Consumption> Of(SystemUnderTest system, CancellationToken cancellationToken)
    {
        var database = await system.Statements.Read(cancellationToken);
        var processors = new Dictionary<string, TimeSpan>();
        foreach (var name in system.Processes)
        {
            var role = NodeNumber().Replace(name, "");
            foreach (var process in await system.ProcessesOf(name, cancellationToken))
                processors[role] = processors.GetValueOrDefault(role) + process.ProcessorTime();
        }

        // What offers the orders is on the same machine.
        processors[LoadGenerator] = Environment.CpuUsage.TotalTime;
        return new Consumption(processors, database);
    }

    /// <summary>The processor time that each order has cost the system since then, in milliseconds.</summary>
    public double ProcessorTimeSince(Consumption before, int orders) =>
        _processors.Where(x => x.Key != LoadGenerator).Sum(x => (x.Value - before._processors[x.Key]).TotalMilliseconds) / orders;

    /// <summary>How much of a processor everything has had since then.</summary>
    public IReadOnlyList<Reading> ShareSince(Consumption before, TimeSpan elapsed)
    {
        double Share(TimeSpan time) => 100 * time / elapsed;
        var times = _processors.Where(x => x.Key != LoadGenerator).Select(x => (x.Key, Time: x.Value - before._processors[x.Key])).ToList();
        return
        [
            new("CPU, system", "% of a processor", times.Sum(x => Share(x.Time))),
            .. times.Select(x => new Reading($"CPU, {x.Key}", "% of a processor", Share(x.Time))),
        ];
    }

    /// <summary>What each order has cost since then.</summary>
    public IReadOnlyList<Reading> Since(Consumption before, int orders)
    {
        double PerOrder(long now, long then) => (double)(now - then) / orders;
        return
        [
            new("CPU, system", "ms an order", ProcessorTimeSince(before, orders)),
            .. _processors.Select(x => new Reading($"CPU, {x.Key}", "ms an order", (x.Value - before._processors[x.Key]).TotalMilliseconds / orders)),
            new("transaction ids", "an order", PerOrder(_database.Ids, before._database.Ids)),
            new("log syncs", "an order", PerOrder(_database.Syncs, before._database.Syncs)),
            new("transactions", "an order", PerOrder(_database.Transactions, before._database.Transactions)),
            new("statements", "an order", PerOrder(_database.Statements, before._database.Statements)),
            new("write-ahead log", "bytes an order", PerOrder(_database.WalBytes, before._database.WalBytes)),
        ];
    }

    /// <summary>A cluster's nodes have one name, and a number: together they are the broker.</summary>
    [GeneratedRegex(@"-\d+$")]
    private static partial Regex NodeNumber();
}
