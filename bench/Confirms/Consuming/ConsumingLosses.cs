using OrderSample.Bench.Confirms.Reporting;
using OrderSample.Bench.Confirms.Running;
using RabbitMQ.Client;

namespace OrderSample.Bench.Confirms.Consuming;

/// <summary>Kills a consumer in mid-work, and counts what became of its messages.</summary>
internal static class ConsumingLosses
{
    private const int Messages = 2000;
    private const int KillAfter = 300;
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public static async Task<IReadOnlyList<ConsumingLoss>> Count(BenchBroker broker, CancellationToken cancellationToken)
    {
        var losses = new List<ConsumingLoss>();
        foreach (var queue in Enum.GetValues<QueueKind>())
        {
            foreach (var kind in AckKind.ForLosses)
            {
                Bench.Progress($"kill a consumer in mid-work: {queue}, {kind.Name}");
                losses.Add(await Kill(broker, kind, queue, cancellationToken));
            }
        }

        return losses;
    }

    private static async Task<ConsumingLoss> Kill(BenchBroker broker, AckKind kind, QueueKind queueKind, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        await using var connection = await broker.Connect(patience.Token);
        var queue = await Queue.Declare(connection, queueKind, maxLength: null, patience.Token);
        await queue.Fill(connection, Messages, patience.Token);

        var handled = await KilledConsumer.Run(broker.Address, queue.Name, kind, KillAfter, patience.Token);
        await BrokerHasNoticed(connection, queue, patience.Token);
        var left = (await queue.Drain(connection, patience.Token)).ToDictionary(x => x.Number);
        await queue.Delete(connection, patience.Token);
        return new ConsumingLoss(queueKind, kind.Name, Messages, handled.Count,
            Lost: Enumerable.Range(0, Messages).Count(number => !handled.Contains(number) && !left.ContainsKey(number)),
            Redelivered: left.Values.Count(x => x.Redelivered),
            Twice: handled.Count(left.ContainsKey));
    }

    /// <summary>What a dead consumer had in hand is back in the queue once the broker has let go of it.</summary>
    private static async Task BrokerHasNoticed(IConnection connection, Queue queue, CancellationToken cancellationToken)
    {
        await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        using var timer = new PeriodicTimer(PollInterval);
        while (await channel.ConsumerCountAsync(queue.Name, cancellationToken) > 0)
            await timer.WaitForNextTickAsync(cancellationToken);
    }
}
