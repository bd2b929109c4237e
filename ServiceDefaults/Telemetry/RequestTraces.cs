using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrderSample.ServiceDefaults.Health;

namespace OrderSample.ServiceDefaults.Telemetry;

/// <summary>Makes the web server's own spans worth reading, as the instrumentation package for ASP.NET Core would.</summary>
internal static class RequestTraces
{
    public static void UseRequestTraces(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (Activity.Current is not { IsAllDataRequested: true } activity)
            return next(context);

        if (!context.Request.Path.StartsWithSegments(HealthExtensions.PathPrefix, StringComparison.Ordinal))
            return DescribeAsync(activity, context, next);

        // Every few seconds a probe of each resource would bury the orders.
        activity.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
        activity.IsAllDataRequested = false;
        return next(context);
    });

    private static async Task DescribeAsync(Activity activity, HttpContext context, RequestDelegate next)
    {
        await next(context);

        var (method, status) = (context.Request.Method, context.Response.StatusCode);
        var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
        activity.DisplayName = route is null ? method : $"{method} {route}";
        activity.SetTag("http.request.method", method);
        activity.SetTag("url.path", context.Request.Path.Value);
        activity.SetTag("http.route", route);
        activity.SetTag("http.response.status_code", status);
        if (status >= StatusCodes.Status500InternalServerError)
            activity.SetStatus(ActivityStatusCode.Error);
    }
}
