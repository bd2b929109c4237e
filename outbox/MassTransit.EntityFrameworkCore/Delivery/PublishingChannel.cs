using RabbitMQ.Client;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>The channel on which a connection publishes, with confirms: another one takes its place when it has refused a message.</summary>
/// <remarks>
/// A channel may refuse what every other channel gets through. RabbitMQ 3.10 asks the node that led a quorum queue when the channel first met it, and while
/// that node is away it refuses for the queue, whichever node leads it by then (<c>enqueue</c> in rabbit_fifo_client.erl).
/// </remarks>
internal sealed class PublishingChannel
{
    /// <summary>A full queue refuses on any channel, so they are not changed more often than this.</summary>
    private static readonly TimeSpan ShortestUse = TimeSpan.FromSeconds(1);

    private readonly IConnection _connection;
    private readonly TimeProvider _time;
    private IChannel _current;
    private long? _changedAt;
    private int _changing;

    private PublishingChannel(IConnection connection, IChannel channel, TimeProvider time)
    {
        _connection = connection;
        _current = channel;
        _time = time;
    }

    /// <summary>The channel to publish on now.</summary>
    public IChannel Current => Volatile.Read(ref _current);

    /// <exception cref="TimeoutException">The broker did not answer.</exception>
    public static async Task<PublishingChannel> Open(IConnection connection, TimeProvider time, CancellationToken cancellationToken) =>
        new(connection, await OpenOn(connection, time, cancellationToken), time);

    /// <summary>Puts a new channel in the place of one that has refused a message, which is closed when nothing can be in flight on it any more.</summary>
    /// <param name="refusing">Where the message was refused.</param>
    /// <param name="longestPublish">How long a message may be in flight.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">The broker did not answer.</exception>
    public async Task Change(IChannel refusing, TimeSpan longestPublish, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _changing, 1) == 1)
            return;
        try
        {
            if (refusing != Current || (_changedAt is { } changedAt && _time.GetElapsedTime(changedAt) < ShortestUse))
                return;
            Volatile.Write(ref _current, await OpenOn(_connection, _time, cancellationToken));
            _changedAt = _time.GetTimestamp();
            _ = CloseAfter(refusing, longestPublish + ShortestUse, cancellationToken);
        }
        finally
        {
            Volatile.Write(ref _changing, 0);
        }
    }

    /// <summary>Without the client's rate limiter: it delays long before its limit, and the delivery bounds what is in flight.</summary>
    private static Task<IChannel> OpenOn(IConnection connection, TimeProvider time, CancellationToken cancellationToken) =>
        connection.CreateChannelAsync(new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true), cancellationToken)
            .WaitAsync(PublisherConnection.AnswerTimeout, time, cancellationToken);

    /// <summary>At the end of the connection all its channels are closed with it.</summary>
    private async Task CloseAfter(IChannel channel, TimeSpan delay, CancellationToken cancellationToken)
    {
        await Task.Delay(delay, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!cancellationToken.IsCancellationRequested)
            await channel.DisposeAsync().AsTask().ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }
}
