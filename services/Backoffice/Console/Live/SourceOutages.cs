using System.Collections.Concurrent;

namespace OrderSample.Backoffice.Console.Live;

/// <summary>Since when each source can't be reached: one clock for all pages, whichever noticed first.</summary>
/// <param name="time">The clock.</param>
public sealed class SourceOutages(TimeProvider time)
{
    /// <summary>Who has not failed for so long has not been asked, and may have answered others meanwhile.</summary>
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, Outage> _outages = new();

    /// <summary>Takes note that a source has failed.</summary>
    /// <param name="source">Its name, for people.</param>
    /// <returns>When it failed first, UTC.</returns>
    public DateTimeOffset Failed(string source)
    {
        var now = time.GetUtcNow();
        return _outages.AddOrUpdate(source, new Outage(now, now), (_, before) => now - before.Last > Memory ? new Outage(now, now) : before with { Last = now }).Since;
    }

    /// <summary>Takes note that a source has answered.</summary>
    /// <param name="source">Its name, for people.</param>
    public void Answered(string source) => _outages.TryRemove(source, out _);

    private sealed record Outage(DateTimeOffset Since, DateTimeOffset Last);
}
