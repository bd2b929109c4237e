using MassTransit;
using MassTransit.EntityFrameworkCoreIntegration;
using MassTransit.Middleware;
using MassTransit.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace OrderSample.OutboxScheduler;

/// <summary>
/// Sends scheduled messages when they are due. A row is first leased, by a later due time, so that any number of replicas
/// may look for due rows; it is deleted when the broker has the message.
/// </summary>
/// <remarks>After a crash in between it is sent again, under the same message id; the receiver's inbox drops it.</remarks>
internal sealed class ScheduledMessageDelivery<TDbContext>(
    IBusControl bus, IServiceScopeFactory scopes, TimeProvider time, ILogger<ScheduledMessageDelivery<TDbContext>> logger) : BackgroundService
    where TDbContext : DbContext
{
    private const int BatchSize = 100;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SendTimeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Lease = 2 * SendTimeout;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            var found = 0;
            try
            {
                // Before its own queues are bound, a message for itself would find none.
                await bus.WaitForHealthStatus(BusHealthStatus.Healthy, stoppingToken);
                found = await DeliverDue(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                logger.LogWarning(exception, "Scheduled messages could not be delivered; trying again in {Delay}", Interval);
            }

            if (found < BatchSize)
                await Task.Delay(Interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <returns>How many were due.</returns>
    private async Task<int> DeliverDue(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var messages = scope.ServiceProvider.GetRequiredService<TDbContext>().Set<OutboxMessage>();
        var now = time.GetUtcNow().UtcDateTime;
        var due = await messages.AsNoTracking()
            .Where(x => EF.Property<Guid?>(x, ScheduledMessageModel.TokenId) != null && x.EnqueueTime <= now)
            .OrderBy(x => x.EnqueueTime).Take(BatchSize).ToListAsync(cancellationToken);

        foreach (var message in due)
        {
            var row = messages.Where(x => x.SequenceNumber == message.SequenceNumber);
            var lease = time.GetUtcNow().UtcDateTime + Lease;
            // Not there any more, or not at that time: cancelled, or another replica has it.
            if (await row.Where(x => x.EnqueueTime == message.EnqueueTime)
                .ExecuteUpdateAsync(set => set.SetProperty(x => x.EnqueueTime, lease), cancellationToken) == 0)
                continue;

            await Send(message, cancellationToken);
            await row.ExecuteDeleteAsync(CancellationToken.None);
        }

        return due.Count;
    }

    private async Task Send(OutboxMessage message, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(SendTimeout);
        message.Deserialize(SystemTextJsonMessageSerializer.Instance);
        var endpoint = await bus.GetSendEndpoint(message.DestinationAddress!);
        await endpoint.Send(new SerializedMessageBody(), new OutboxMessageSendPipe(message, message.DestinationAddress), timeout.Token);
    }
}
