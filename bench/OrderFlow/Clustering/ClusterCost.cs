using OrderSample.Bench.Comparing;
using OrderSample.Bench.Reporting;
using OrderSample.Bench.Running;
using OrderSample.Bench.Shared;

namespace OrderSample.Bench.Clustering;

/// <summary>What several nodes and replicas cost, or gain, on one machine: three comparisons, each of systems that differ in one thing.</summary>
internal static class ClusterCost
{
    /// <summary>Orders a second at which waiting is measured: what the slowest of them keeps up with.</summary>
    private const int Rate = 20;

    private const string Nodes = "--cluster=3";

    // The yardstick comes last, as in every comparison.
    private static readonly Choice[][] Comparisons =
    [
        [new("3 nodes, 3 members", Nodes, "--Messaging:Queues:GroupSize=3"), new("3 nodes, 1 member", Nodes, "--Messaging:Queues:GroupSize=1"), new("1 node")],
        [new("2 replicas", "--replicas=2") { Forwarded = true }, new("1 replica") { Forwarded = true }],
        [new("HAProxy", Nodes, "--haproxy=true"), new("direct", Nodes)],
    ];

    public static async Task<Report> Run(BenchOptions options, CancellationToken cancellationToken)
    {
        var startedAt = DateTimeOffset.UtcNow;
        var figures = new List<Figure>();
        Machine? machine = null;
        foreach (var choices in Comparisons)
        {
            Func<CancellationToken, Task<SystemUnderTest>>[] starts = [.. choices.Select(choice => (Func<CancellationToken, Task<SystemUnderTest>>)(
                token => RealSystem.Start(choice.Name, choice.Settings, choice.Forwarded, token)))];
            await using var systems = await Systems.Start(options, cancellationToken, starts);
            machine ??= systems.Machine;
            figures.AddRange(await Turns.Measure("cluster", options.Rounds, systems.All, async system =>
                (IReadOnlyList<Reading>)[.. (await Throughput.Measure(system, options, cancellationToken)).Where(x => IsShown(x.Name))], cancellationToken));
            figures.AddRange(await Turns.Measure("cluster", options.Rounds, systems.All, async system =>
                (IReadOnlyList<Reading>)[.. (await Latency.Measure(system, Rate, options, cancellationToken)).Where(x => x.Name.EndsWith("p99", StringComparison.Ordinal))], cancellationToken));
        }

        return new Report(machine!, startedAt, figures);
    }

    private static bool IsShown(string figure) => figure is "throughput" or "transactions" || figure.StartsWith("CPU", StringComparison.Ordinal);

    /// <summary>A system to compare.</summary>
    private sealed record Choice(string Name, params string[] Settings)
    {
        /// <summary>Whether it is reached through the engine's forwarding, as replicas have to be.</summary>
        public bool Forwarded { get; init; }
    }
}
