using Microsoft.EntityFrameworkCore;
using OrderSample.NotificationService.Data;

namespace OrderSample.NotificationService.Notifying;

/// <summary>Sends over one channel.</summary>
internal interface INotificationSender
{
    /// <summary>Which channel.</summary>
    NotificationChannel Channel { get; }

    /// <summary>Hands the notice to whatever delivers it.</summary>
    /// <returns>What became of it; never <see cref="NotificationStatus.Failed"/>: a failure is thrown.</returns>
    Task<NotificationStatus> SendAsync(Notice notice, CancellationToken cancellationToken);
}

/// <summary>
/// Sends a notice and stores that it did.
/// </summary>
/// <remarks>
/// Sending can't be part of a transaction, so somewhere between sending and storing there is a point where a crash
/// leaves the one without the other. The order here is: look, send, store.
/// <list type="bullet">
/// <item>Crash before sending: nothing happened; the broker delivers the event again.</item>
/// <item>Crash after sending, before the commit: it is sent again, with the same id, by which the receiver can tell.</item>
/// <item>Crash after the commit: the inbox, or the row that is found, ends the repetition.</item>
/// </list>
/// So each notification is sent at least once under one stable id, and there is exactly one row for it. The pickup
/// folder's file is named by that id, so there it is exactly one file.
/// </remarks>
internal sealed class Notifier(
    NotificationDbContext context, IServiceScopeFactory scopes, TimeProvider time, ILogger<Notifier> logger)
{
    /// <summary>Sends, unless the row says that it was. The row is saved by the endpoint's outbox, with the inbox.</summary>
    public async Task NotifyAsync(Notice notice, INotificationSender sender, CancellationToken cancellationToken)
    {
        var row = await FindOrAddAsync(context, notice, sender.Channel, cancellationToken);
        if (row is { Attempts: > 0, IsDone: true })
        {
            logger.LogInformation("{Kind} by {Channel} was {Status} before", notice.Kind, sender.Channel, row.Status);
            return;
        }

        try
        {
            row.Status = await sender.SendAsync(notice, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            await StoreFailureAsync(notice, sender.Channel, exception, cancellationToken);
            throw new NotificationFailedException($"{notice.Kind} by {sender.Channel} could not be sent: {exception.Message}", exception);
        }

        row.Attempts++;
        row.LastError = null;
        row.SentAt = row.Status == NotificationStatus.Skipped ? null : time.GetUtcNow();
        logger.LogInformation("{Kind} by {Channel}: {Status}", notice.Kind, sender.Channel, row.Status);
    }

    /// <summary>In a transaction of its own, because the message's own is rolled back.</summary>
    private async Task StoreFailureAsync(Notice notice, NotificationChannel channel, Exception exception, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var own = scope.ServiceProvider.GetRequiredService<NotificationDbContext>();
        var row = await FindOrAddAsync(own, notice, channel, cancellationToken);
        row.Attempts++;
        row.Status = NotificationStatus.Failed;
        row.LastError = exception.Message.Length <= Notification.MaxErrorLength ? exception.Message : exception.Message[..Notification.MaxErrorLength];
        await own.SaveChangesAsync(cancellationToken);
    }

    private async Task<Notification> FindOrAddAsync(
        NotificationDbContext store, Notice notice, NotificationChannel channel, CancellationToken cancellationToken)
    {
        var found = await store.Notifications.SingleOrDefaultAsync(
            x => x.OrderId == notice.OrderId && x.Kind == notice.Kind && x.Reference == notice.Reference && x.Channel == channel, cancellationToken);
        if (found is not null)
            return found;

        var added = new Notification
        {
            OrderId = notice.OrderId,
            Kind = notice.Kind,
            Reference = notice.Reference,
            Channel = channel,
            CreatedAt = time.GetUtcNow(),
        };
        store.Notifications.Add(added);
        return added;
    }
}
