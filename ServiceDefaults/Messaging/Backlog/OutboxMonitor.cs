using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrderSample.ServiceDefaults.Messaging.Backlog;

/// <summary>Knows what waits in this service's outbox, as of about a second ago.</summary>
public interface IOutboxMonitor
{
    /// <summary>The last count.</summary>
    OutboxBacklog Current { get; }

    /// <summary>Since when nothing could be counted, so that <see cref="Current"/> may be long untrue; null while it is counted.</summary>
    DateTimeOffset? UnknownSince { get; }

    /// <summary>Until when all that was stored has left, or was refused for its own sake, UTC: a message of later may still wait.</summary>
    DateTimeOffset SentUntil { get; }
}

/// <summary>Counts the outbox every second, for admission, readiness and metrics.</summary>
/// <typeparam name="TContext">The service's DbContext.</typeparam>
internal sealed class OutboxMonitor<TContext>(
    IServiceScopeFactory scopes, MessagingOptions options, MessagingMetrics metrics, TimeProvider time, ILogger<OutboxMonitor<TContext>> logger)
    : BackgroundService, IOutboxMonitor, IHealthCheck
    where TContext : DbContext
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>A count that is older says nothing any more. One that takes as long, behind a locked table for example, has not come either.</summary>
    private static readonly TimeSpan Known = TimeSpan.FromSeconds(5);

    /// <summary>What a transaction stores is seen when it has ended, and is from when it began.</summary>
    private static readonly TimeSpan Storing = TimeSpan.FromSeconds(1);

    private DateTimeOffset _countedAt = time.GetUtcNow();
    private long _sentUntilTicks;

    public OutboxBacklog Current { get; private set; } = new(0, TimeSpan.Zero, 0);

    public DateTimeOffset? UnknownSince => time.GetUtcNow() - _countedAt > Known ? _countedAt : null;

    public DateTimeOffset SentUntil => new(Volatile.Read(ref _sentUntilTicks), TimeSpan.Zero);

    /// <summary>Degraded, not unhealthy: a service whose messages are late still stores what it is given.</summary>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) =>
        Task.FromResult(UnknownSince is { } since ? HealthCheckResult.Degraded($"The outbox could not be counted since {since:O}.")
            : Current.OldestAge > options.Outbox.DegradedAfter
                ? HealthCheckResult.Degraded($"{Current.Count} messages wait, the oldest for {Current.OldestAge.TotalSeconds:0} s.")
                : HealthCheckResult.Healthy());

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        metrics.Backlog = () => UnknownSince is null ? Current : null;
        try
        {
            do
                await Count(stoppingToken);
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops.
        }
    }

    private async Task Count(CancellationToken cancellationToken)
    {
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var now = time.GetUtcNow().UtcDateTime;
            Current = await OutboxBacklog.CountAsync(scope.ServiceProvider.GetRequiredService<TContext>(), now, cancellationToken);
            Volatile.Write(ref _sentUntilTicks, (now - Current.OldestAge - Storing).Ticks);
            _countedAt = time.GetUtcNow();
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogDebug(exception, "The outbox could not be counted");
        }
    }
}
