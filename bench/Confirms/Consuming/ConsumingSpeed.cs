using System.Diagnostics;
using OrderSample.Bench.Confirms.Reporting;
using OrderSample.Bench.Confirms.Running;

namespace OrderSample.Bench.Confirms.Consuming;

/// <summary>Messages a second of each kind of ack, with a consumer that does nothing else.</summary>
internal static class ConsumingSpeed
{
    private const int Messages = 20_000;

    public static Task<IReadOnlyList<Speed>> Measure(BenchBroker broker, BenchOptions options, CancellationToken cancellationToken) =>
        Rounds.Measure("consume", AckKind.ForSpeed, kind => kind.Name, AckKind.One.Name, options,
            (kind, queue) => ConsumeFor(options.Time, broker, kind, queue, cancellationToken), cancellationToken);

    /// <summary>Until the time is over or the queue is empty, whichever comes first.</summary>
    private static async Task<double> ConsumeFor(TimeSpan time, BenchBroker broker, AckKind kind, QueueKind queueKind, CancellationToken cancellationToken)
    {
        await using var connection = await broker.Connect(cancellationToken);
        var queue = await Queue.Declare(connection, queueKind, maxLength: null, cancellationToken);
        await queue.Fill(connection, Messages, cancellationToken);

        var handled = 0;
        var over = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var begin = Stopwatch.GetTimestamp();
        await Consumption.Begin(channel, queue.Name, kind, _ =>
        {
            if (Interlocked.Increment(ref handled) == Messages)
                over.SetResult();
            return Task.CompletedTask;
        }, cancellationToken);
        await Task.WhenAny(over.Task, Task.Delay(time, cancellationToken));
        var perSecond = Volatile.Read(ref handled) / Stopwatch.GetElapsedTime(begin).TotalSeconds;

        await queue.Delete(connection, cancellationToken);
        return perSecond;
    }
}
