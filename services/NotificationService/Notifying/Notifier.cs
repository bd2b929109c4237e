using MassTransit;
using OrderSample.NotificationService.Data;
using OrderSample.ServiceDefaults.Messaging;
using OrderSample.ServiceDefaults.Telemetry;

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
/// Sends a batch of notices and stores that it did: one look at the table and one transaction for all of them.
/// </summary>
/// <remarks>
/// Sending can't be part of a transaction, so somewhere between sending and storing there is a point where a crash
/// leaves the one without the other. The order here is: look, send, store.
/// <list type="bullet">
/// <item>Crash before sending: nothing happened; the broker delivers the events again.</item>
/// <item>Crash after sending, before the commit: they are sent again, with the same ids, by which the receiver can tell.</item>
/// <item>Crash after the commit: the rows that are found end the repetition.</item>
/// </list>
/// So each notification is sent at least once under one stable id, and its key makes it exactly one row. The pickup
/// folder's file is named by that id, so there it is exactly one file. One that can't be sent fails alone: its row says
/// so, its message comes again later, and the others of its batch are done.
/// </remarks>
internal sealed class Notifier(NotificationLedger ledger, TimeProvider time, ILogger<Notifier> logger)
{
    // Neither one after the other, nor a whole batch at once.
    private const int SendsAtOnce = 4;

    /// <exception cref="PartOfBatchFailedException">Some could not be sent. The messages of the others count as consumed.</exception>
    public async Task NotifyAsync<T>(ConsumeContext<Batch<T>> batch, Func<T, Notice> noticeOf, INotificationSender sender)
        where T : class
    {
        // Two messages can be the same notice, if their sender repeated itself under another id.
        var messages = batch.Message.GroupBy(message => noticeOf(message.Message).Key).ToList();
        var rows = await ledger.FindAsync(messages.Select(x => x.Key), sender.Channel, batch.CancellationToken);
        var due = messages.Where(x => rows.GetValueOrDefault(x.Key) is not { IsDone: true }).Select(x => noticeOf(x.First().Message)).ToList();
        var attempts = await SendAsync(due, sender, batch.CancellationToken);
        await ledger.StoreAsync(attempts, rows, sender.Channel, batch.CancellationToken);

        var failed = attempts.Where(x => x.Failure is not null).ToDictionary(x => x.Notice.Key, x => Failure(x, sender.Channel));
        if (failed.Count == 0)
            return;

        foreach (var message in messages.Where(x => !failed.ContainsKey(x.Key)).SelectMany(x => x))
            await message.NotifyConsumed(message.ReceiveContext.ElapsedTime, nameof(Notifier));
        throw new PartOfBatchFailedException((
            from message in messages
            where failed.ContainsKey(message.Key)
            from copy in message
            select (Id: copy.MessageId ?? Guid.Empty, Failure: failed[message.Key])).DistinctBy(x => x.Id).ToDictionary(x => x.Id, x => x.Failure));
    }

    private static TransientFailureException Failure(Attempt attempt, NotificationChannel channel)
    {
        var text = $"{attempt.Notice.Kind} by {channel} could not be sent: {attempt.Failure!.Message}";
        return attempt.Failure is DependencyAwayException ? new DependencyAwayException(text, attempt.Failure) : new TransientFailureException(text, attempt.Failure);
    }

    private async Task<Attempt[]> SendAsync(List<Notice> notices, INotificationSender sender, CancellationToken cancellationToken)
    {
        var attempts = new Attempt[notices.Count];
        await Parallel.ForAsync(0, notices.Count, new ParallelOptions { MaxDegreeOfParallelism = SendsAtOnce, CancellationToken = cancellationToken },
            async (i, token) => attempts[i] = await SendAsync(notices[i], sender, token));
        return attempts;
    }

    private async Task<Attempt> SendAsync(Notice notice, INotificationSender sender, CancellationToken cancellationToken)
    {
        using var scope = logger.BeginOrderScope(notice.OrderId);
        try
        {
            var status = await sender.SendAsync(notice, cancellationToken);
            logger.LogInformation("{Kind} of order {OrderId} by {Channel}: {Status}", notice.Kind, notice.OrderId, sender.Channel, status);
            return new Attempt(notice, status, time.GetUtcNow(), Failure: null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            logger.LogWarning("{Kind} of order {OrderId} by {Channel} could not be sent: {Problem}", notice.Kind, notice.OrderId, sender.Channel, exception.Message);
            return new Attempt(notice, NotificationStatus.Failed, time.GetUtcNow(), exception);
        }
    }
}

/// <summary>A try to send a notice.</summary>
/// <param name="Notice">The notice.</param>
/// <param name="Status">What became of it.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Failure">Why it failed, if it did.</param>
internal sealed record Attempt(Notice Notice, NotificationStatus Status, DateTimeOffset At, Exception? Failure);
