using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;

namespace OrderSample.ServiceDefaults.Messaging.Backlog;

/// <summary>What waits in a service's outbox.</summary>
/// <param name="Count">Messages that are due and not confirmed yet; counted up to <see cref="Limit"/>.</param>
/// <param name="OldestAge">
/// How long the oldest of them waits, a scheduled one from its due time. Those that were refused for their own sake do not count: a
/// command without a queue is one message's trouble, neither load nor outage.
/// </param>
/// <param name="Parked">Messages that wait for a person.</param>
public sealed record OutboxBacklog(int Count, TimeSpan OldestAge, int Parked)
{
    /// <summary>More than this is not counted: it would only make a full outbox slower.</summary>
    public const int Limit = 100_000;

    /// <summary>Counts, in one round trip: it is made every second.</summary>
    /// <param name="context">The service's.</param>
    /// <param name="now">UTC.</param>
    /// <param name="cancellationToken">Gives up.</param>
    internal static async Task<OutboxBacklog> CountAsync(DbContext context, DateTime now, CancellationToken cancellationToken)
    {
        var outbox = context.Set<OutboxMessage>();
        // A scheduled message waits for its time first, and only then for the broker: it counts as sent at its due time.
        var waiting = outbox.ThatAreNotParked()
            .Where(message => EF.Property<Guid?>(message, OutboxRows.SchedulingTokenId) == null || message.SentTime <= now)
            .OrderBy(message => message.SequenceNumber).Take(Limit)
            .Select(message => new { IsParked = false, Attempts = EF.Property<int>(message, OutboxRows.Attempts), message.SentTime });
        var parked = outbox.ThatAreParked()
            .Select(message => new { IsParked = true, Attempts = EF.Property<int>(message, OutboxRows.Attempts), message.SentTime });
        var counts = await waiting.Concat(parked)
            .GroupBy(message => message.IsParked)
            .Select(all => new { IsParked = all.Key, Count = all.Count(), Oldest = all.Min(message => message.Attempts == 0 ? message.SentTime : (DateTime?)null) })
            .ToDictionaryAsync(count => count.IsParked, cancellationToken);
        var age = now - counts.GetValueOrDefault(false)?.Oldest ?? TimeSpan.Zero;
        return new OutboxBacklog(counts.GetValueOrDefault(false)?.Count ?? 0, age > TimeSpan.Zero ? age : TimeSpan.Zero, counts.GetValueOrDefault(true)?.Count ?? 0);
    }
}
