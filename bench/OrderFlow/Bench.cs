using OrderSample.Bench.Choosing;
using OrderSample.Bench.Clustering;
using OrderSample.Bench.Comparing;
using OrderSample.Bench.Draining;
using OrderSample.Bench.Growing;
using OrderSample.Bench.Reporting;
using OrderSample.Bench.Resting;

namespace OrderSample.Bench;

/// <summary>One run: the part asked for, and the report.</summary>
internal static class Bench
{
    /// <returns>The process's exit code.</returns>
    public static async Task<int> Run(BenchOptions options, string command, CancellationToken cancellationToken)
    {
        // The app host prints its table of resources, too; on standard output are the results alone.
        var results = Console.Out;
        Console.SetOut(Console.Error);
        try
        {
            foreach (var part in options.Part == Part.All ? Enum.GetValues<Part>().Where(x => x is not (Part.All or Part.Cluster or Part.Variant)) : [options.Part])
            {
                var report = await Measure(part, options, cancellationToken) with { Command = command };
                await results.WriteLineAsync(report.ToMarkdown());
                await report.Write(options.Output, cancellationToken);
            }

            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped; the systems and their data are removed.");
            return 130;
        }
        catch (InvalidOperationException exception)
        {
            await Console.Error.WriteLineAsync(exception.ToString());
            return 1;
        }
    }

    private static Task<Report> Measure(Part part, BenchOptions options, CancellationToken cancellationToken) => part switch
    {
        Part.Compare => Comparison.Run(options, cancellationToken),
        Part.Outbox => OutboxDrain.Run(options, cancellationToken),
        Part.Backlog => QueueBacklog.Run(options, cancellationToken),
        Part.Growth => Growth.Run(options, cancellationToken),
        Part.Telemetry => TelemetryCost.Run(options, cancellationToken),
        Part.Serial => SerialOrders.Run(options, cancellationToken),
        Part.Cluster => ClusterCost.Run(options, cancellationToken),
        Part.Idle => IdleCost.Run(options, cancellationToken),
        Part.Variant => Variant.Run(options, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(part)),
    };
}
