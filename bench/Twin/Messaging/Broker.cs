using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace OrderSample.Bench.Twin.Messaging;

/// <summary>The twin's connection to RabbitMQ, and the queues as the real services have them.</summary>
internal sealed class Broker(Uri address) : IAsyncDisposable
{
    private const string Unrouted = "unrouted";
    private const string DeadLetters = "dead-letters";
    private static readonly TimeSpan RestAfterFailure = TimeSpan.FromMilliseconds(100);

    private static readonly Dictionary<string, object?> QueueArguments = new()
    {
        ["x-queue-type"] = "quorum",
        ["x-delivery-limit"] = 20,
        ["x-dead-letter-exchange"] = DeadLetters,
        ["x-dead-letter-strategy"] = "at-least-once",
        ["x-overflow"] = "reject-publish",
        ["x-max-length"] = 2_000_000,
    };

    private readonly SemaphoreSlim _connecting = new(1);
    private IConnection? _connection;

    /// <summary>The name of an event's exchange, which is what the real services call it.</summary>
    public static string ExchangeOf(Type message) => $"{message.Namespace}:{message.Name}";

    /// <summary>A channel on which every publication is confirmed. Its user bounds what is in flight.</summary>
    public async Task<IChannel> OpenPublishing(CancellationToken cancellationToken) =>
        await (await Connect(cancellationToken)).CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true, outstandingPublisherConfirmationsRateLimiter: null), cancellationToken);

    /// <summary>Declares exchanges for events; what no queue takes of them is kept in <c>unrouted</c>.</summary>
    public async Task DeclareEvents(params Type[] events)
    {
        await using var channel = await (await Connect(CancellationToken.None)).CreateChannelAsync();
        foreach (var shared in (string[])[Unrouted, DeadLetters])
        {
            await channel.ExchangeDeclareAsync(shared, ExchangeType.Fanout, durable: true);
            await channel.QueueDeclareAsync(shared, durable: true, exclusive: false, autoDelete: false, new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });
            await channel.QueueBindAsync(shared, shared, "");
        }

        foreach (var message in events)
            await channel.ExchangeDeclareAsync(ExchangeOf(message), ExchangeType.Fanout, durable: true, autoDelete: false, new Dictionary<string, object?> { ["alternate-exchange"] = Unrouted });
    }

    /// <summary>Declares a queue with an exchange of its name for commands, bound to events, and consumes from it.</summary>
    /// <param name="queue">Its name.</param>
    /// <param name="prefetch">Messages in hand without an ack.</param>
    /// <param name="atOnce">Messages at work.</param>
    /// <param name="events">Events that go into it.</param>
    /// <param name="handle">The message is acknowledged when this has ended; when it fails, the message comes again.</param>
    /// <param name="logger">Is told why.</param>
    public async Task Consume(string queue, ushort prefetch, ushort atOnce, Type[] events, Func<ReceivedMessage, Task> handle, ILogger logger)
    {
        await DeclareEvents(events);
        var channel = await (await Connect(CancellationToken.None)).CreateChannelAsync(
            new CreateChannelOptions(publisherConfirmationsEnabled: false, publisherConfirmationTrackingEnabled: false, consumerDispatchConcurrency: atOnce));
        await channel.ExchangeDeclareAsync(queue, ExchangeType.Fanout, durable: true);
        await channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false, QueueArguments);
        foreach (var exchange in events.Select(ExchangeOf).Append(queue))
            await channel.QueueBindAsync(queue, exchange, "");

        await channel.BasicQosAsync(0, prefetch, global: false);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += async (_, delivery) =>
        {
            try
            {
                await handle(new ReceivedMessage(Guid.Parse(delivery.BasicProperties.MessageId!), delivery.BasicProperties.Type!, delivery.Body));
                await channel.BasicAckAsync(delivery.DeliveryTag, multiple: false);
            }
            catch (Exception exception)
            {
                logger.LogWarning(exception, "{Message} in {Queue} failed, and comes again", delivery.BasicProperties.Type, queue);
                await Task.Delay(RestAfterFailure);
                await channel.BasicNackAsync(delivery.DeliveryTag, multiple: false, requeue: true);
            }
        };
        await channel.BasicConsumeAsync(queue, autoAck: false, consumer);
    }

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        _connecting.Dispose();
    }

    private async Task<IConnection> Connect(CancellationToken cancellationToken)
    {
        await _connecting.WaitAsync(cancellationToken);
        try
        {
            return _connection ??= await new ConnectionFactory { Uri = address }.CreateConnectionAsync(cancellationToken);
        }
        finally
        {
            _connecting.Release();
        }
    }
}
