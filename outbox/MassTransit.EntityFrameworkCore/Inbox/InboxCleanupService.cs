using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Deletes inbox rows older than the duplicate detection window, in bounded batches.</summary>
internal sealed class InboxCleanupService<TDbContext>(
    InboxTable<TDbContext> table,
    EntityFrameworkOutboxOptions<TDbContext> options,
    IServiceScopeFactory scopes,
    TimeProvider time,
    ILogger<InboxCleanupService<TDbContext>> logger) : BackgroundService
    where TDbContext : DbContext
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var more = false;
            try
            {
                more = await CleanUp(stoppingToken) == options.QueryMessageLimit;
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                logger.LogWarning(exception, "Old inbox rows could not be deleted; trying again in {Delay}", Interval);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            if (!more)
                await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> CleanUp(CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.QueryTimeout);
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<TDbContext>();
        var threshold = time.GetUtcNow().UtcDateTime - options.DuplicateDetectionWindow;
        return await table.DeleteOld(context, threshold, options.QueryMessageLimit, timeout.Token);
    }
}
