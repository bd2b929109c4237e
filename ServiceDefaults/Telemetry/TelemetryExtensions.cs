using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;
using OrderSample.ServiceDefaults.Health;

namespace OrderSample.ServiceDefaults.Telemetry;

/// <summary>Traces, metrics and logs.</summary>
public static class TelemetryExtensions
{
    private static readonly string[] Sources = ["Npgsql", "MassTransit"];

    private static readonly string[] Meters = ["Npgsql", "MassTransit", "OrderSample.*"];

    /// <summary>
    /// Exports over OTLP to <c>OTEL_EXPORTER_OTLP_ENDPOINT</c>; without that variable nothing is collected. Service name,
    /// instance and protocol come from the standard OTEL_* variables.
    /// </summary>
    internal static void AddTelemetry(this WebApplicationBuilder builder)
    {
        builder.Logging.AddSimpleConsole(console =>
        {
            console.IncludeScopes = true;
            console.SingleLine = true;
            console.UseUtcTimestamp = true;
            console.TimestampFormat = "HH:mm:ss.fff ";
        });
        if (string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
            return;

        builder.Logging.AddOpenTelemetry(logging => (logging.IncludeScopes, logging.IncludeFormattedMessage) = (true, true));
        builder.Services.AddOpenTelemetry()
            // Every few seconds a probe of each resource would bury the orders.
            .WithTracing(traces => traces.AddSource(Sources).AddHttpClientInstrumentation()
                .AddAspNetCoreInstrumentation(web => web.Filter = context => !context.Request.Path.StartsWithSegments(HealthExtensions.PathPrefix, StringComparison.Ordinal)))
            .WithMetrics(metrics => metrics.AddMeter(Meters).AddAspNetCoreInstrumentation().AddHttpClientInstrumentation().AddRuntimeInstrumentation())
            .UseOtlpExporter();
    }
}
