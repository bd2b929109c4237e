using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Finds stored messages that are due: scheduled ones, those deferred after a failed delivery, and those a crashed process
/// left behind. It leases them in one statement and hands them to the delivery, so any number of replicas may sweep.
/// </summary>
internal sealed class OutboxSweeper<TDbContext>(
    OutboxDelivery<TDbContext> delivery,
    OutboxTable<TDbContext> table,
    EntityFrameworkOutboxOptions<TDbContext> options,
    IServiceScopeFactory scopes,
    IMessagePublisher publisher,
    OutboxDeliveryState state,
    TimeProvider time,
    ILogger<OutboxSweeper<TDbContext>> logger) : BackgroundService
    where TDbContext : DbContext
{
    // In this time a part of what waits is delivered.
    private static readonly TimeSpan FullDelay = TimeSpan.FromMilliseconds(50);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                // With the broker away every attempt would fail, and count as one.
                await publisher.Connected(stoppingToken);
                if (delivery.Room == 0)
                    await Task.Delay(FullDelay, time, stoppingToken);
                else if (!await Sweep(stoppingToken))
                    await Rest(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                logger.LogWarning(exception, "The outbox could not be swept; trying again in {Delay}", options.QueryDelay);
                await Task.Delay(options.QueryDelay, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <returns>True when more may be due.</returns>
    private async Task<bool> Sweep(CancellationToken cancellationToken)
    {
        // What is only probed needs no more than a probe.
        var limit = state.IsProbing ? 1 : Math.Min(options.QueryMessageLimit, delivery.Room);
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(options.QueryTimeout);
        await using var scope = scopes.CreateAsyncScope();
        var context = scope.ServiceProvider.GetRequiredService<TDbContext>();
        var now = time.GetUtcNow().UtcDateTime;

        var given = new List<long>();
        while (given.Count < limit && delivery.Uncertain.TryRead(out var sequenceNumber))
            given.Add(sequenceNumber);
        if (given.Count > 0)
            delivery.Committed(await table.ClaimGiven(context, [.. given], now + options.Lease, timeout.Token));

        var due = await table.ClaimDue(context, now, options.Lease, limit, timeout.Token);
        delivery.Committed(due);
        return !state.IsProbing && (due.Count == limit || delivery.Uncertain.Count > 0);
    }

    /// <summary>Until the next poll, or until somebody's transaction wants to be looked at.</summary>
    private async Task Rest(CancellationToken cancellationToken)
    {
        using var woken = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await Task.WhenAny(Task.Delay(options.QueryDelay, time, woken.Token), delivery.Uncertain.WaitToReadAsync(woken.Token).AsTask());
        await woken.CancelAsync();
    }
}
