using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OrderSample.OrderService.Data;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.OrderService.Reconciling;

/// <summary>Starts a run when it is time, and asks again for a page that was lost. Every replica does; the run's row decides.</summary>
internal sealed class ReconciliationSchedule(
    IServiceScopeFactory scopes, ReconciliationMonitor monitor, IOptions<ReconciliationOptions> options, TimeProvider time, ILogger<ReconciliationSchedule> logger)
    : BackgroundService
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(2);
    private readonly ReconciliationOptions _options = options.Value;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(CheckInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await CheckAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The service stops; the run's row waits for the next one.
        }
    }

    private async Task CheckAsync(CancellationToken cancellationToken)
    {
        using var unrecorded = Unrecorded.Begin();
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<OrderDbContext>();
            var reconciliation = scope.ServiceProvider.GetRequiredService<Reconciliation>();
            var lastTwo = await context.ReconciliationRuns.OrderByDescending(x => x.StartedAt).Take(2).ToListAsync(cancellationToken);
            var last = lastTwo.FirstOrDefault();
            if (lastTwo.Find(x => x.Status != RunStatus.Running) is { } ended)
                monitor.Note(ended, ended.Status == RunStatus.Completed ? ended : await context.ReconciliationRuns.LastCompletedAsync(cancellationToken));
            var now = time.GetUtcNow();
            if (last is { Status: RunStatus.Running })
            {
                if (now - last.AskedAt < _options.AnswerTimeout)
                    return;
                await reconciliation.AskAgainAsync(last, cancellationToken);
                await context.SaveChangesAsync(cancellationToken);
            }
            else if (last is null || now - last.StartedAt >= _options.Interval)
            {
                await reconciliation.StartAsync(RunTrigger.Schedule, from: null, cancellationToken);
            }
        }
        catch (DbUpdateConcurrencyException)
        {
            logger.LogDebug("Another replica, or an answer, was quicker");
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning(exception, "Reconciliation could not be scheduled; trying again in {Delay}", CheckInterval);
        }
    }
}
