using Microsoft.Extensions.Logging;

namespace OrderSample.ServiceDefaults.Telemetry;

/// <summary>Names the order in every log line written while something is done for it.</summary>
public static class OrderLogScope
{
    /// <summary>Opens the scope.</summary>
    /// <param name="logger">Any logger: scopes hold for all of them.</param>
    /// <param name="orderId">The order.</param>
    /// <returns>The scope, to be disposed of.</returns>
    public static IDisposable? BeginOrderScope(this ILogger logger, Guid orderId) =>
        logger.BeginScope("OrderId:{OrderId}", orderId);
}
