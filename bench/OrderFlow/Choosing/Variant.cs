using OrderSample.Bench.Comparing;
using OrderSample.Bench.Reporting;
using OrderSample.Bench.Running;

namespace OrderSample.Bench.Choosing;

/// <summary>What settings change, such as those of the runtime: two real systems, one of which is given them.</summary>
internal static class Variant
{
    public static async Task<Report> Run(BenchOptions options, CancellationToken cancellationToken)
    {
        if (options.Environment.Count == 0)
            throw new InvalidOperationException("A variant needs what makes it one: --environment NAME=VALUE.");
        var startedAt = DateTimeOffset.UtcNow;
        await using var systems = await Systems.Start(options, cancellationToken,
            token => RealSystem.Start("variant", token, [.. options.Environment]),
            token => RealSystem.Start("as it is", token));
        var figures = new List<Figure>(await Turns.Measure("variant", options.Rounds, systems.All, system => Throughput.Measure(system, options, cancellationToken), cancellationToken));
        figures.AddRange(systems.First("variant"));
        figures.AddRange(await Latency.Compare("variant", systems.All, options, cancellationToken));
        figures.AddRange(await Turns.Measure("variant", 1, systems.All, system => Throughput.Memory(system, cancellationToken), cancellationToken));
        return new Report(systems.Machine, startedAt, figures);
    }
}
