using System.Diagnostics;
using OrderSample.Bench.Measuring;
using OrderSample.Bench.Reporting;
using OrderSample.Bench.Running;

namespace OrderSample.Bench.Resting;

/// <summary>What the system costs while nobody is there. Aspire's engine is not in it.</summary>
internal static class IdleCost
{
    /// <summary>After this the last notices are out, and the runtime has compiled again what the orders have made worth it.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(1);

    public static async Task<Report> Run(BenchOptions options, CancellationToken cancellationToken)
    {
        var startedAt = DateTimeOffset.UtcNow;
        await using var both = await Systems.Start(options, cancellationToken, token => RealSystem.Start(RealSystem.Name, token), TwinSystem.Start);
        Progress.Say($"resting for {Rest.TotalSeconds:0} s ...");
        await Task.Delay(Rest, cancellationToken);
        return new Report(both.Machine, startedAt,
            await Turns.Measure("idle", options.Rounds, both.All, system => Measure(system, options.Time, cancellationToken), cancellationToken));
    }

    private static async Task<IReadOnlyList<Reading>> Measure(SystemUnderTest system, TimeSpan time, CancellationToken cancellationToken)
    {
        var (began, before) = (Stopwatch.GetTimestamp(), await Consumption.Of(system, cancellationToken));
        await Task.Delay(time, cancellationToken);
        return (await Consumption.Of(system, cancellationToken)).ShareSince(before, Stopwatch.GetElapsedTime(began));
    }
}
