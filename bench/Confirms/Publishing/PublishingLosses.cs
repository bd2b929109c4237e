using OrderSample.Bench.Confirms.Reporting;
using OrderSample.Bench.Confirms.Running;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace OrderSample.Bench.Confirms.Publishing;

/// <summary>Counts messages that a publisher took for safe and that are in no queue.</summary>
internal static class PublishingLosses
{
    private const int MaxLength = 1000;
    private const int ToFullQueue = 5000;
    private const int ToNoQueue = 100;
    private static readonly TimeSpan KillAfter = TimeSpan.FromSeconds(1);

    /// <summary>The broker answers a declaration before it is on disk: killed a second later, it may have forgotten the queue.</summary>
    private static readonly TimeSpan DeclarationsWritten = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static async Task<IReadOnlyList<PublishingLoss>> Count(BenchBroker broker, CancellationToken cancellationToken)
    {
        var losses = new List<PublishingLoss>();
        foreach (var (kind, queue) in await DeclareQueues(broker, cancellationToken))
        {
            Bench.Progress($"publish until something breaks: {queue.Kind}, {kind.Name}");
            losses.Add(new PublishingLoss(queue.Kind, kind.Name,
                await BrokerKilled(broker, kind, queue, cancellationToken),
                await QueueFull(broker, kind, queue.Kind, cancellationToken),
                await NoQueue(broker, kind, cancellationToken)));
        }

        return losses;
    }

    /// <summary>The queues that are to survive the broker's death, one for each kind.</summary>
    private static async Task<List<(PublishingKind Kind, Queue Queue)>> DeclareQueues(BenchBroker broker, CancellationToken cancellationToken)
    {
        await using var connection = await broker.Connect(cancellationToken);
        var queues = new List<(PublishingKind, Queue)>();
        foreach (var queueKind in Enum.GetValues<QueueKind>())
        {
            foreach (var kind in PublishingKind.ForLosses)
                queues.Add((kind, await Queue.Declare(connection, queueKind, maxLength: null, cancellationToken)));
        }

        await Task.Delay(DeclarationsWritten, cancellationToken);
        return queues;
    }

    private static async Task<Loss> BrokerKilled(BenchBroker broker, PublishingKind kind, Queue queue, CancellationToken cancellationToken)
    {
        await using var connection = await broker.Connect(cancellationToken);
        await using var publisher = await kind.Open(connection, queue.Name, cancellationToken);
        var publishing = PublishUntilItFails(publisher, int.MaxValue, cancellationToken);
        await Task.Delay(KillAfter, cancellationToken);
        await broker.KillAndStart(cancellationToken);
        await publishing;

        await using var afterwards = await broker.Connect(cancellationToken);
        return await Compare(afterwards, queue, publisher, cancellationToken);
    }

    private static async Task<Loss> QueueFull(BenchBroker broker, PublishingKind kind, QueueKind queueKind, CancellationToken cancellationToken)
    {
        await using var connection = await broker.Connect(cancellationToken);
        var queue = await Queue.Declare(connection, queueKind, MaxLength, cancellationToken);
        await using var publisher = await kind.Open(connection, queue.Name, cancellationToken);
        await PublishUntilItFails(publisher, ToFullQueue, cancellationToken);
        return await Compare(connection, queue, publisher, cancellationToken);
    }

    private static async Task<Loss> NoQueue(BenchBroker broker, PublishingKind kind, CancellationToken cancellationToken)
    {
        await using var connection = await broker.Connect(cancellationToken);
        await using var publisher = await kind.Open(connection, $"nobody-{Guid.NewGuid():N}", cancellationToken);
        await PublishUntilItFails(publisher, ToNoQueue, cancellationToken);
        return new Loss(publisher.Believed.Count, publisher.Believed.Count);
    }

    /// <summary>A failure is what this is about; what counts is what the publisher believed until then.</summary>
    private static async Task PublishUntilItFails(Publisher publisher, int count, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            for (var number = 0; number < count; number++)
                await publisher.Publish(number, patience.Token);
            await publisher.Complete(patience.Token);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is RabbitMQClientException or InvalidOperationException or IOException or OperationCanceledException)
        {
            Bench.Progress($"  it failed: {exception.GetBaseException().Message}");
        }
    }

    private static async Task<Loss> Compare(IConnection connection, Queue queue, Publisher publisher, CancellationToken cancellationToken)
    {
        var found = (await queue.Drain(connection, cancellationToken)).Select(x => x.Number).ToHashSet();
        await queue.Delete(connection, cancellationToken);
        int[] believed = [.. publisher.Believed];
        return new Loss(believed.Count(number => !found.Contains(number)), believed.Length);
    }
}
