using OrderSample.Bench.Comparing;
using OrderSample.Bench.Reporting;

namespace OrderSample.Bench;

/// <summary>One run: the part asked for, and the report.</summary>
internal static class Bench
{
    /// <returns>The process's exit code.</returns>
    public static async Task<int> Run(BenchOptions options, string command, CancellationToken cancellationToken)
    {
        try
        {
            var report = await Measure(options, cancellationToken) with { Command = command };
            Console.Write(report.ToMarkdown());
            await report.Write(options.Output, cancellationToken);
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

    private static Task<Report> Measure(BenchOptions options, CancellationToken cancellationToken) => options.Part switch
    {
        Part.Compare => Comparison.Run(options, cancellationToken),
        _ => throw new ArgumentOutOfRangeException(nameof(options)),
    };
}
