using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace OrderSample.OrderService.Reconciling;

/// <summary>Knows whether the ledgers are compared as often as they should be. When the last run failed, or none has completed for long, nobody knows how they stand.</summary>
internal sealed class ReconciliationMonitor(IOptions<ReconciliationOptions> options, TimeProvider time) : IHealthCheck
{
    /// <summary>One run may take longer than the interval, and one may be under way.</summary>
    private const int MaxIntervals = 3;

    // A service that has just started has not missed a run yet.
    private State _state = new(time.GetUtcNow(), Problem: null);

    /// <summary>Since when it is not known how the ledgers stand, UTC, and why; null while it is known.</summary>
    public (DateTimeOffset Since, string Why)? Unknown
    {
        get
        {
            var (completedAt, problem) = Volatile.Read(ref _state);
            if (problem is not null)
                return (completedAt, $"The last run failed: {problem}");
            var longest = MaxIntervals * options.Value.Interval;
            return time.GetUtcNow() - completedAt > longest ? (completedAt, $"No run has completed for more than {longest:c}.") : null;
        }
    }

    /// <summary>Notes the last run that has ended.</summary>
    /// <param name="last">That run.</param>
    /// <param name="completed">The last one that completed; null when none ever did.</param>
    public void Note(ReconciliationRun last, ReconciliationRun? completed) =>
        Volatile.Write(ref _state, new State(completed?.FinishedAt ?? _state.CompletedAt, last.Status == RunStatus.Failed ? last.Problem : null));

    /// <summary>Degraded, not unhealthy: orders go on without.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(Unknown is { } unknown
            ? HealthCheckResult.Degraded($"How the ledgers stand is unknown since {unknown.Since:O}. {unknown.Why}")
            : HealthCheckResult.Healthy());

    private sealed record State(DateTimeOffset CompletedAt, string? Problem);
}
