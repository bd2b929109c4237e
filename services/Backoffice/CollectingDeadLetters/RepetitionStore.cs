using System.Globalization;
using Microsoft.EntityFrameworkCore;
using OrderSample.Backoffice.Data;
using OrderSample.ServiceDefaults.Messaging.Redelivery;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>Remembers the last report of each message that is delivered more than once, and of many messages the latest ones.</summary>
internal static class RepetitionStore
{
    /// <summary>Rows between two looks for the oldest.</summary>
    private const int RemovalInterval = 100;

    /// <summary>Stores a report, unless a later one of the same is stored already.</summary>
    /// <param name="context">The database.</param>
    /// <param name="report">The report.</param>
    /// <param name="kept">Most rows; some more for a while.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task StoreAsync(BackofficeDbContext context, RepeatedDelivery report, int kept, CancellationToken cancellationToken)
    {
        var row = RowOf(report);
        var same = context.Repetitions.Where(x => x.MessageId == row.MessageId && x.Endpoint == row.Endpoint && x.Replay == row.Replay && x.Cause == row.Cause);
        var updated = await same.Where(x => x.LastAt < row.LastAt).ExecuteUpdateAsync(set => set
            .SetProperty(x => x.LastAt, row.LastAt).SetProperty(x => x.ExceptionType, row.ExceptionType).SetProperty(x => x.ExceptionMessage, row.ExceptionMessage)
            .SetProperty(x => x.Retries, row.Retries).SetProperty(x => x.Delays, row.Delays).SetProperty(x => x.NextAt, row.NextAt).SetProperty(x => x.Deliveries, row.Deliveries), cancellationToken);
        if (updated > 0 || await same.AnyAsync(cancellationToken))
            return;

        context.Add(row);
        await context.SaveChangesAsync(cancellationToken);
        if (row.Id % RemovalInterval == 0)
            await context.Repetitions.Where(x => x.Id <= row.Id - kept).ExecuteDeleteAsync(cancellationToken);
    }

    private static DeliveryRepetition RowOf(RepeatedDelivery report) => new()
    {
        MessageId = Limited.Text(report.MessageId, DeadLetter.MaxNameLength)!,
        MessageType = MessageTypes.Plain(report.MessageType),
        OrderId = report.OrderId,
        Endpoint = Limited.Text(report.Endpoint, DeadLetter.MaxNameLength)!,
        Replay = report.Replay,
        Cause = report.Cause,
        FirstAt = report.At.ToUniversalTime(),
        LastAt = report.At.ToUniversalTime(),
        ExceptionType = Limited.Text(report.ExceptionType, DeadLetter.MaxTypeLength),
        ExceptionMessage = Limited.Text(report.ExceptionMessage, DeadLetter.MaxMessageLength),
        Retries = report.Retries,
        Delays = Limited.Text(string.Join(", ", report.Delays.Select(delay => delay.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture))), DeliveryRepetition.MaxDelaysLength)!,
        NextAt = report.NextAt?.ToUniversalTime(),
        Deliveries = report.Deliveries,
    };
}
