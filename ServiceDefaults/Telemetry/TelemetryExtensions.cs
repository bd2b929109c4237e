using System.Collections.Frozen;
using System.Diagnostics;
using MassTransit.Logging;
using MassTransit.Monitoring;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using OrderSample.ServiceDefaults.Health;

namespace OrderSample.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs.</summary>
public static class TelemetryExtensions
{
    /// <summary>Measured for each message, though histograms of its durations count as well, and what is handled was received.</summary>
    private static readonly FrozenSet<string> SaidTwice = new[]
    {
        "messaging.masstransit.receive", "messaging.masstransit.receive.active", "messaging.masstransit.consume", "messaging.masstransit.saga",
    }.ToFrozenSet();

    private static readonly FrozenSet<string> Files = new[] { ".css", ".js", ".map", ".ico", ".png", ".svg", ".woff2" }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Exports over OTLP to <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; without that variable nothing is collected. Service name,
    /// instance and protocol come from the standard OTEL_* variables.
    /// </summary>
    internal static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        if (!builder.IsTelemetryCollected())
            return;

        // The format has fields of its own for the trace.
        builder.Logging.Configure(logging => logging.ActivityTrackingOptions = ActivityTrackingOptions.None);
        builder.Logging.AddOpenTelemetry(logging => (logging.IncludeScopes, logging.IncludeFormattedMessage) = (true, true));
        builder.Services.AddOpenTelemetry()
            .WithTracing(traces => traces
                .AddSource(DiagnosticHeaders.DefaultListenerName, "OrderSample.*").AddProcessor(new MessageSpanNames())
                .AddNpgsql().AddSqlClientInstrumentation(sql => sql.Filter = _ => IsPartOfATrace())
                .AddHttpClientInstrumentation().AddAspNetCoreInstrumentation(web => web.Filter = context => IsWorthATrace(context.Request.Path)))
            .WithMetrics(metrics => metrics
                .AddMeter(InstrumentationOptions.MeterName, "OrderSample.*").AddView(instrument => SaidTwice.Contains(instrument.Name) ? MetricStreamConfiguration.Drop : null)
                .AddNpgsqlInstrumentation().AddSqlClientInstrumentation()
                .AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation())
            .UseOtlpExporter();
    }

    internal static bool IsTelemetryCollected(this WebApplicationBuilder builder) => !string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]);

    /// <summary>Probes come every few seconds, a page asks for dozens of files, and its connection stays open as long as the page.</summary>
    internal static bool IsWorthATrace(PathString path) => !path.StartsWithSegments(HealthExtensions.PathPrefix, StringComparison.Ordinal)
        && !path.StartsWithSegments("/_blazor", StringComparison.Ordinal) && !Files.Contains(Path.GetExtension(path.Value ?? ""));

    /// <summary>Background polling belongs to no request and no message. The query's own span has begun already.</summary>
    private static bool IsPartOfATrace() => Activity.Current is { ParentSpanId: var parent } && parent != default;
}
