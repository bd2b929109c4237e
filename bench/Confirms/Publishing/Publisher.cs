using System.Collections.Concurrent;
using OrderSample.Bench.Confirms.Running;
using RabbitMQ.Client;

namespace OrderSample.Bench.Confirms.Publishing;

/// <summary>One way to publish to a queue, on a channel of its own.</summary>
internal abstract class Publisher(IChannel channel, string queue, bool mandatory) : IAsyncDisposable
{
    /// <summary>The numbers of the messages that this publisher takes for safe.</summary>
    public ConcurrentQueue<int> Believed { get; } = new();

    protected IChannel Channel { get; } = channel;

    /// <summary>Publishes a message; whether it waits for the broker is the difference between the kinds.</summary>
    public abstract Task Publish(int number, CancellationToken cancellationToken);

    /// <summary>Waits until the broker has said all that it is going to say about what was published.</summary>
    public abstract Task Complete(CancellationToken cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Channel.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>With a channel that tracks confirms this ends with the confirm, otherwise when the message is handed to the socket.</summary>
    protected ValueTask Send(int number, CancellationToken cancellationToken) =>
        Channel.BasicPublishAsync("", queue, mandatory, Message.Properties(number), Message.Body, cancellationToken);

    protected static CreateChannelOptions WithConfirms { get; } =
        // Without the client's rate limiter, which delays from half of its limit on; these publishers bound what is in flight.
        new(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null);
}
