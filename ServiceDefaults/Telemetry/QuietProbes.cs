using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using OrderSample.ServiceDefaults.Health;

namespace OrderSample.ServiceDefaults.Telemetry;

/// <summary>Keeps health probes out of the traces: every few seconds one from each resource would bury the orders.</summary>
internal static class QuietProbes
{
    public static void UseQuietProbes(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path.StartsWithSegments(HealthExtensions.PathPrefix, StringComparison.Ordinal)
            && Activity.Current is { } activity)
        {
            activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            activity.IsAllDataRequested = false;
        }

        return next(context);
    });
}
