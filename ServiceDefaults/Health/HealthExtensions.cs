using System.Net.Mime;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OrderSample.ServiceDefaults.Health;

/// <summary>The two questions an orchestrator asks: is the process alive, and is it any use to send it work?</summary>
public static class HealthExtensions
{
    /// <summary>Path prefix of both probes.</summary>
    public const string PathPrefix = "/health";

    /// <summary>Tag of the checks that decide readiness. The bus's own check carries it already.</summary>
    public const string Ready = "ready";

    internal static void MapHealth(this IEndpointRouteBuilder app)
    {
        // Alive means that it answers: a missing broker is no reason to restart a service that still takes orders.
        app.MapHealthChecks($"{PathPrefix}/live", new HealthCheckOptions { Predicate = _ => false, ResponseWriter = WriteAsync }).AllowAnonymous();
        app.MapHealthChecks($"{PathPrefix}/ready",
            new HealthCheckOptions { Predicate = check => check.Tags.Contains(Ready), ResponseWriter = WriteAsync }).AllowAnonymous();
    }

    private static Task WriteAsync(HttpContext context, HealthReport report) =>
        context.Response.WriteAsJsonAsync(
            new
            {
                status = report.Status.ToString(),
                checks = report.Entries.ToDictionary(check => check.Key, check => check.Value.Status.ToString()),
            },
            options: null, MediaTypeNames.Application.Json, context.RequestAborted);
}
