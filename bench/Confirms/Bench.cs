using OrderSample.Bench.Confirms.Consuming;
using OrderSample.Bench.Confirms.Publishing;
using OrderSample.Bench.Confirms.Reporting;
using OrderSample.Bench.Confirms.Running;
using OrderSample.Bench.Shared;

namespace OrderSample.Bench.Confirms;

/// <summary>One run: a broker, the parts asked for, and the report.</summary>
internal static class Bench
{
    /// <returns>The process's exit code.</returns>
    public static async Task<int> Run(BenchOptions options, CancellationToken cancellationToken)
    {
        try
        {
            await using var broker = await BenchBroker.Start(cancellationToken);
            var machine = await Machine.Describe($"RabbitMQ {await broker.Version(cancellationToken)}", cancellationToken);
            var report = new Report(machine, DateTimeOffset.UtcNow, options.Rounds, options.Time.TotalSeconds)
            {
                Publishing = options.Wants(Part.Publish) ? await PublishingSpeed.Measure(broker, options, cancellationToken) : null,
                PublishingLosses = options.Wants(Part.PublishLoss) ? await PublishingLosses.Count(broker, cancellationToken) : null,
                Consuming = options.Wants(Part.Consume) ? await ConsumingSpeed.Measure(broker, options, cancellationToken) : null,
                ConsumingLosses = options.Wants(Part.ConsumeLoss) ? await ConsumingLosses.Count(broker, cancellationToken) : null,
            };
            Console.Write(Markdown.Of(report));
            if (options.Json is not null)
                await report.WriteJson(options.Json, cancellationToken);
            return 0;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("Stopped; the broker and its data are removed.");
            return 130;
        }
    }

    /// <summary>Says on standard error what is being done; the report is on standard output.</summary>
    public static void Progress(string what) => Console.Error.WriteLine(what);
}
