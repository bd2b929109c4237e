using System.Diagnostics;
using OrderSample.Bench.Confirms.Reporting;
using OrderSample.Bench.Confirms.Running;

namespace OrderSample.Bench.Confirms.Publishing;

/// <summary>Messages a second of each kind. The kinds alternate, so that whatever else the machine does hits all of them.</summary>
internal static class PublishingSpeed
{
    public static Task<IReadOnlyList<Speed>> Measure(BenchBroker broker, BenchOptions options, CancellationToken cancellationToken) =>
        Rounds.Measure("publish", PublishingKind.ForSpeed, kind => kind.Name, PublishingKind.OneByOne.Name, options,
            (kind, queue) => PublishFor(options.Time, broker, kind, queue, cancellationToken), cancellationToken);

    private static async Task<double> PublishFor(TimeSpan time, BenchBroker broker, PublishingKind kind, QueueKind queueKind, CancellationToken cancellationToken)
    {
        await using var connection = await broker.Connect(cancellationToken);
        var queue = await Queue.Declare(connection, queueKind, maxLength: null, cancellationToken);
        await using var publisher = await kind.Open(connection, queue.Name, cancellationToken);

        var begin = Stopwatch.GetTimestamp();
        var number = 0;
        while (Stopwatch.GetElapsedTime(begin) < time)
            await publisher.Publish(number++, cancellationToken);
        await publisher.Complete(cancellationToken);
        var took = Stopwatch.GetElapsedTime(begin);

        if (publisher.Believed.Count != number)
            throw new InvalidOperationException($"{kind.Name}: {publisher.Believed.Count} of {number} messages were confirmed.");
        await queue.Delete(connection, cancellationToken);
        return number / took.TotalSeconds;
    }
}
