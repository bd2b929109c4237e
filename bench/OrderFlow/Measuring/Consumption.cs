using OrderSample.Bench.Reporting;
using OrderSample.Bench.Running;

namespace OrderSample.Bench.Measuring;

/// <summary>What a system has consumed so far. The difference of two, divided by the orders in between, is what an order costs.</summary>
internal sealed class Consumption
{
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
            processors[name] = (await system.ProcessOf(name, cancellationToken)).ProcessorTime();
        // What offers the orders is on the same machine.
        processors["load generator"] = Environment.CpuUsage.TotalTime;
        return new Consumption(processors, database);
    }

    /// <summary>What each order has cost since then.</summary>
    public IReadOnlyList<Reading> Since(Consumption before, int orders)
    {
        var processors = _processors.Select(x => (Name: x.Key, Milliseconds: (x.Value - before._processors[x.Key]).TotalMilliseconds / orders)).ToList();
        double PerOrder(long now, long then) => (double)(now - then) / orders;
        return
        [
            new("CPU, system", "ms an order", processors.Where(x => x.Name != "load generator").Sum(x => x.Milliseconds)),
            .. processors.Select(x => new Reading($"CPU, {x.Name}", "ms an order", x.Milliseconds)),
            new("transaction ids", "an order", PerOrder(_database.Ids, before._database.Ids)),
            new("log syncs", "an order", PerOrder(_database.Syncs, before._database.Syncs)),
            new("transactions", "an order", PerOrder(_database.Transactions, before._database.Transactions)),
            new("statements", "an order", PerOrder(_database.Statements, before._database.Statements)),
            new("write-ahead log", "bytes an order", PerOrder(_database.WalBytes, before._database.WalBytes)),
        ];
    }
}
