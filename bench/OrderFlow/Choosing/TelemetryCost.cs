using OrderSample.Bench.Comparing;
using OrderSample.Bench.Reporting;
using OrderSample.Bench.Running;

namespace OrderSample.Bench.Choosing;

/// <summary>Traces, metrics and logs sent away, against none: two real systems that differ in nothing else.</summary>
internal static class TelemetryCost
{
    public static async Task<Report> Run(BenchOptions options, CancellationToken cancellationToken)
    {
        var startedAt = DateTimeOffset.UtcNow;
        await using var sink = await TelemetrySink.Start(cancellationToken);
        await using var systems = await Systems.Start(options, cancellationToken,
            token => RealSystem.Start("telemetry on", token, ("OTEL_EXPORTER_OTLP_ENDPOINT", sink.Address), ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")),
            token => RealSystem.Start("off", token));
        var figures = await Turns.Measure("telemetry", options.Rounds, systems.All, system => Throughput.Measure(system, options, cancellationToken), cancellationToken);
        if (sink.Received == 0)
            throw new InvalidOperationException("No telemetry arrived: the system that was to send it did not.");
        return new Report(systems.Machine, startedAt, figures);
    }
}
