using System.Diagnostics;

namespace OrderSample.Bench.Offering;

/// <summary>
/// Orders at a fixed rate, whatever the system does with them. Each is meant for a moment, and its times count from that one:
/// a system that makes its customers queue is not measured only while it is quick (what is known as coordinated omission).
/// </summary>
internal static class TimedLoad
{
    /// <param name="perSecond">Orders a second.</param>
    /// <param name="time">How long orders are placed.</param>
    /// <param name="order">Places an order that was meant for a moment.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IReadOnlyList<T>> Run<T>(int perSecond, TimeSpan time, Func<long, Task<T>> order, CancellationToken cancellationToken)
    {
        var count = (int)(perSecond * time.TotalSeconds);
        var begin = Stopwatch.GetTimestamp();
        var placed = new List<Task<T>>(count);
        for (var i = 0; i < count; i++)
        {
            var meant = begin + (i * Stopwatch.Frequency / perSecond);
            var early = Stopwatch.GetElapsedTime(Stopwatch.GetTimestamp(), meant);
            if (early > TimeSpan.Zero)
                await Task.Delay(early, cancellationToken);
            placed.Add(Task.Run(() => order(meant), cancellationToken));
        }

        return await Task.WhenAll(placed);
    }
}
