using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace OrderSample.ServiceDefaults.Telemetry;

/// <summary>Ties what is logged and traced to the order it is done for.</summary>
public static class OrderScope
{
    /// <summary>Attribute of spans that are about one order: what to search for in the list of traces.</summary>
    public const string Attribute = "order.id";

    /// <summary>W3C traceparent of what is done now, to be kept with what comes of it; null when it is not recorded.</summary>
    public static string? TraceParent => Activity.Current is { Recorded: true } activity ? activity.Id : null;

    /// <summary>The trace of a traceparent, in W3C hexadecimal.</summary>
    /// <param name="traceParent">The traceparent; null when nothing was recorded.</param>
    public static string? TraceIdOf(string? traceParent) => traceParent?.Split('-')[1];

    /// <summary>Names the order as an attribute of every log line until the scope is disposed of.</summary>
    /// <param name="logger">Any logger: scopes hold for all of them.</param>
    /// <param name="orderId">The order.</param>
    /// <returns>The scope, to be disposed of.</returns>
    public static IDisposable? BeginOrderScope(this ILogger logger, Guid orderId) =>
        logger.BeginScope("OrderId:{OrderId}", orderId);

    /// <summary>Names the order in the current span, and links that to the request which placed the order: what a customer does later has a trace of its own.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="placedBy">W3C traceparent of that request; null when it was not recorded, or is the current one.</param>
    public static void Trace(Guid orderId, string? placedBy = null)
    {
        if (Activity.Current is not { IsAllDataRequested: true } span)
            return;
        span.SetTag(Attribute, orderId.ToString());
        if (ActivityContext.TryParse(placedBy, null, isRemote: true, out var request) && request.TraceId != span.TraceId)
            span.AddLink(new ActivityLink(request));
    }
}
