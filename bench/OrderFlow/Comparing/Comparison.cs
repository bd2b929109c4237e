using OrderSample.Bench.Reporting;
using OrderSample.Bench.Running;

namespace OrderSample.Bench.Comparing;

/// <summary>The real system beside its native twin. Both are up all the time, and only one of them has orders at a time.</summary>
internal static class Comparison
{
    private const int StatementsShown = 25;

    public static async Task<Report> Run(BenchOptions options, CancellationToken cancellationToken)
    {
        var startedAt = DateTimeOffset.UtcNow;
        await using var both = await Systems.Start(options, cancellationToken, token => RealSystem.Start(RealSystem.Name, token), TwinSystem.Start);
        SystemUnderTest[] systems = [.. both.All.Select(x => x.Subject)];
        var real = systems[0];
        var messages = await CountMessages(systems, cancellationToken);
        await real.Statements.Forget(cancellationToken);
        var figures = new List<Figure>(await Turns.Measure("throughput and cost", options.Rounds, both.All, system => Throughput.Measure(system, options, cancellationToken), cancellationToken));
        figures.AddRange(both.First("throughput and cost"));
        figures.AddRange(Messages(messages, await CountMessages(systems, cancellationToken)));
        var statements = new StatementCosts((int)messages[0].OrdersUntil(await CompletedBy(real, cancellationToken)), await real.Statements.Costliest(StatementsShown, cancellationToken));
        figures.AddRange(await Latency.Compare("latency", both.All, options, cancellationToken));
        figures.AddRange(await Turns.Measure("memory", 1, both.All, system => Throughput.Memory(system, cancellationToken), cancellationToken));
        return new Report(both.Machine, startedAt, figures) { Statements = statements };
    }

    private static Task<long> CompletedBy(SystemUnderTest system, CancellationToken cancellationToken) =>
        system.Read<long>("orders-db", """SELECT count(*) FROM "OrderStates" WHERE "CurrentState" = 'Completed'""", cancellationToken);

    private static async Task<List<MessageCount>> CountMessages(SystemUnderTest[] systems, CancellationToken cancellationToken)
    {
        var counts = new List<MessageCount>();
        foreach (var system in systems)
            counts.Add(new MessageCount(system.Name, await system.Messages.Published(cancellationToken), await CompletedBy(system, cancellationToken)));
        return counts;
    }

    private static IEnumerable<Figure> Messages(List<MessageCount> before, List<MessageCount> after) =>
    [
        new Figure("throughput and cost", "messages published", "an order",
            [.. before.Zip(after, (x, y) => new Measured(x.Name, [(double)(y.Published - x.Published) / x.OrdersUntil(y.Orders)]))]),
    ];

    private sealed record MessageCount(string Name, long Published, long Orders)
    {
        public long OrdersUntil(long later) => later - Orders;
    }
}
