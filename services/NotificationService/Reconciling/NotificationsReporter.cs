using MassTransit;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Reconciling.Commands;
using OrderSample.Contracts.Reconciling.Events;
using OrderSample.NotificationService.Data;
using OrderSample.NotificationService.SendingEmail;
using OrderSample.NotificationService.SendingSms;
using OrderSample.ServiceDefaults.Messaging.Backlog;

namespace OrderSample.NotificationService.Reconciling;

/// <summary>Tells the order service what customers were told. Reads only, so asking twice does no harm.</summary>
internal sealed class NotificationsReporter(NotificationDbContext context, IQueueMonitor queues) : IConsumer<ReportNotifications>
{
    private static readonly int Channels = Enum.GetValues<NotificationChannel>().Length;
    private static readonly string[] Queues = [EmailConsumer.Queue, SmsConsumer.Queue];

    public async Task Consume(ConsumeContext<ReportNotifications> message)
    {
        var (runId, pageId, orderIds, asOf) = message.Message;
        var rows = await context.Notifications.AsNoTracking()
            .Where(x => orderIds.Contains(x.OrderId) && x.Status != NotificationStatus.Failed)
            .Select(x => new { x.OrderId, x.Kind, x.Reference })
            .ToListAsync(message.CancellationToken);
        // A kind has the name of the event it comes from, and every channel has a row, also one that was skipped.
        var complete = rows.GroupBy(x => x).Where(group => group.Count() == Channels)
            .Select(group => new ReportedNotification(group.Key.OrderId, group.Key.Kind.ToString(), group.Key.Reference));
        var takenUntil = asOf is { } moment ? queues.TakenAsOf(moment, Queues) : null;
        await message.Publish(new NotificationsReported(runId, pageId, [.. complete], takenUntil, queues.Describe(Queues)), message.CancellationToken);
    }
}
