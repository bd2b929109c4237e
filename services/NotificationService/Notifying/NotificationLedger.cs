using Microsoft.EntityFrameworkCore;
using OrderSample.NotificationService.Data;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.NotificationService.Notifying;

/// <summary>The rows of a batch of notifications: one look and one transaction for all of them.</summary>
internal sealed class NotificationLedger(NotificationDbContext context, IDatabaseProvider database, TimeProvider time)
{
    // Each attempt after the first means that another replica stored one of the rows, and finds it.
    private const int MaxAttempts = 3;

    /// <summary>The rows there are.</summary>
    public async Task<IReadOnlyDictionary<NoticeKey, Notification>> FindAsync(
        IEnumerable<NoticeKey> keys, NotificationChannel channel, CancellationToken cancellationToken)
    {
        // All attempts to consume a batch share its scope: one that failed leaves rows behind.
        context.ChangeTracker.Clear();
        Guid[] orderIds = [.. keys.Select(key => key.OrderId).Distinct()];
        // All of an order's: a handful, and the key begins with the order.
        return await context.Notifications.Where(x => orderIds.Contains(x.OrderId) && x.Channel == channel)
            .ToDictionaryAsync(x => new NoticeKey(x.OrderId, x.Kind, x.Reference), cancellationToken);
    }

    /// <summary>Notes all attempts, except where a row says meanwhile that the notice was sent by another replica.</summary>
    public async Task StoreAsync(IReadOnlyCollection<Attempt> attempts, IReadOnlyDictionary<NoticeKey, Notification> rows,
        NotificationChannel channel, CancellationToken cancellationToken)
    {
        for (var tries = 1; ; tries++)
        {
            foreach (var attempt in attempts)
            {
                if ((rows.GetValueOrDefault(attempt.Notice.Key) ?? Add(attempt.Notice.Key, channel)) is { IsDone: false } row)
                    Note(attempt, row);
            }

            try
            {
                await context.SaveChangesAsync(cancellationToken);
                return;
            }
            catch (DbUpdateException exception) when (tries < MaxAttempts && database.IsUniqueViolation(exception))
            {
                // Here, and not by consuming the batch again: what was sent must not be sent twice for that.
                rows = await FindAsync(attempts.Select(x => x.Notice.Key), channel, cancellationToken);
            }
        }
    }

    private Notification Add(NoticeKey key, NotificationChannel channel)
    {
        var row = new Notification
        {
            OrderId = key.OrderId,
            Kind = key.Kind,
            Reference = key.Reference,
            Channel = channel,
            Status = NotificationStatus.Failed,
            CreatedAt = time.GetUtcNow(),
        };
        context.Notifications.Add(row);
        return row;
    }

    private static void Note(Attempt attempt, Notification row)
    {
        var error = attempt.Failure?.Message;
        row.Attempts++;
        row.Status = attempt.Status;
        row.SentAt = attempt.Status is NotificationStatus.Sent or NotificationStatus.Simulated ? attempt.At : null;
        row.LastError = error is { Length: > Notification.MaxErrorLength } ? error[..Notification.MaxErrorLength] : error;
    }
}
