using System.Diagnostics;
using RabbitMQ.Client;

namespace OrderSample.Bench.Draining;

/// <summary>Watches how full a queue is, by asking the broker on a channel: its management interface is seconds behind.</summary>
internal sealed class CountedQueue(IConnection connection, IChannel channel, string name) : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    public IChannel Channel => channel;

    public static async Task<CountedQueue> Open(Uri broker, string name, CancellationToken cancellationToken)
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken);
        return new CountedQueue(connection, await connection.CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null), cancellationToken), name);
    }

    public Task<uint> Count(CancellationToken cancellationToken) => channel.MessageCountAsync(name, cancellationToken);

    /// <returns>When it was so, by <see cref="Stopwatch"/>, and the count then.</returns>
    public async Task<(long At, uint Count)> Until(Predicate<uint> wanted, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (true)
        {
            var count = await Count(cancellationToken);
            if (wanted(count))
                return (Stopwatch.GetTimestamp(), count);
            await timer.WaitForNextTickAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await channel.DisposeAsync();
        await connection.DisposeAsync();
    }
}
