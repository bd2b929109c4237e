using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>Degraded, not unhealthy: what was collected before can still be looked at.</summary>
internal sealed class CollectorHealthCheck(CollectorState state) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(state.Problem is { } problem ? HealthCheckResult.Degraded(problem) : HealthCheckResult.Healthy());
}
