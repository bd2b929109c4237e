using System.Text;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace OrderSample.Tests.Running;

/// <summary>The broker without any framework: what really is in a queue.</summary>
internal sealed class RawBroker : IAsyncDisposable
{
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private RawBroker(IConnection connection, IChannel channel)
    {
        _connection = connection;
        _channel = channel;
    }

    public static async Task<RawBroker> Connect(Place place)
    {
        var connection = await new ConnectionFactory { Uri = place.Broker }.CreateConnectionAsync();
        var confirmed = new CreateChannelOptions(publisherConfirmationsEnabled: true, publisherConfirmationTrackingEnabled: true);
        return new RawBroker(connection, await connection.CreateChannelAsync(confirmed));
    }

    /// <summary>A queue without any of the arguments that the services give theirs.</summary>
    public Task DeclareQuorumQueue(string queue) => _channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false,
        new Dictionary<string, object?> { ["x-queue-type"] = "quorum" });

    /// <summary>Such a queue that gets what is published to an exchange, too.</summary>
    public async Task Listen(string exchange, string queue)
    {
        await DeclareQuorumQueue(queue);
        // As its publisher declares it, which may not have published yet.
        await _channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, autoDelete: false, new Dictionary<string, object?> { ["alternate-exchange"] = "unrouted" });
        await _channel.QueueBindAsync(queue, exchange, "");
    }

    /// <summary>A queue that refuses everything, bound to an exchange of its name.</summary>
    public async Task DeclareFullQueue(string queue)
    {
        await _channel.QueueDeclareAsync(queue, durable: true, exclusive: false, autoDelete: false,
            new Dictionary<string, object?> { ["x-queue-type"] = "quorum", ["x-max-length"] = 1, ["x-overflow"] = "reject-publish" });
        await Publish(queue, "the only one");
        await DeclareExchange(queue);
        await _channel.QueueBindAsync(queue, queue, "");
    }

    /// <summary>Another subscriber of an event.</summary>
    public async Task Subscribe(string exchange, string queue)
    {
        await DeclareQuorumQueue(queue);
        await _channel.QueueBindAsync(queue, exchange, "");
    }

    /// <summary>Has a queue of that name take what comes.</summary>
    public async Task MakeRoom(string queue)
    {
        await _channel.QueueDeleteAsync(queue);
        await DeclareQuorumQueue(queue);
        await _channel.QueueBindAsync(queue, queue, "");
    }

    /// <summary>An event's exchange without the arguments that the services give theirs.</summary>
    public Task DeclareExchange(string exchange) => _channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true);

    /// <summary>An event's exchange as the services declare it.</summary>
    public Task DeclareEventExchange(string exchange) =>
        _channel.ExchangeDeclareAsync(exchange, ExchangeType.Fanout, durable: true, autoDelete: false, new Dictionary<string, object?> { ["alternate-exchange"] = "unrouted" });

    public Task DeleteExchange(string exchange) => _channel.ExchangeDeleteAsync(exchange);

    /// <returns>How many messages were lost with it.</returns>
    public Task<uint> DeleteQueue(string queue) => _channel.QueueDeleteAsync(queue);

    public Task UnbindQueue(string exchange, string queue) => _channel.QueueUnbindAsync(queue, exchange, "");

    public Task UnbindExchange(string source, string destination) => _channel.ExchangeUnbindAsync(destination, source, "");

    /// <summary>Messages in a queue; 0 when there is no such queue.</summary>
    public async Task<uint> Count(string queue) => (await FindQueue(queue))?.MessageCount ?? 0;

    /// <summary>Consumers of a queue, none while its endpoint rests; 0 when there is no such queue.</summary>
    public async Task<uint> Consumers(string queue) => (await FindQueue(queue))?.ConsumerCount ?? 0;

    /// <summary>Puts a message straight into a queue.</summary>
    public async Task Publish(string queue, string body, string? contentType = null, Guid? messageId = null, IDictionary<string, object?>? headers = null) =>
        await _channel.BasicPublishAsync("", queue, mandatory: true,
            new BasicProperties { Persistent = true, ContentType = contentType, MessageId = messageId?.ToString(), Headers = headers }, Encoding.UTF8.GetBytes(body));

    /// <summary>Takes a message out of a queue for good; waits until there is one.</summary>
    public async Task<BasicGetResult> Take(string queue)
    {
        await Waiting.Until(true, async () => await Count(queue) > 0, $"a message in {queue}");
        return (await _channel.BasicGetAsync(queue, autoAck: true))!;
    }

    /// <summary>Takes all messages out of a queue for good.</summary>
    /// <returns>Their ids.</returns>
    public async Task<IReadOnlyList<string?>> TakeAll(string queue)
    {
        var ids = new List<string?>();
        while (await _channel.BasicGetAsync(queue, autoAck: true) is { } taken)
            ids.Add(taken.BasicProperties.MessageId);
        return ids;
    }

    /// <summary>Takes a message and gives it back, as the broker does for a consumer that died.</summary>
    /// <returns>False when the queue is empty.</returns>
    public async Task<bool> TakeAndReturn(string queue)
    {
        var taken = await _channel.BasicGetAsync(queue, autoAck: false);
        if (taken is null)
            return false;
        await _channel.BasicNackAsync(taken.DeliveryTag, multiple: false, requeue: true);
        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private async Task<QueueDeclareOk?> FindQueue(string queue)
    {
        // The broker closes a channel that asks for what does not exist.
        await using var channel = await _connection.CreateChannelAsync();
        try
        {
            return await channel.QueueDeclarePassiveAsync(queue);
        }
        catch (OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == Constants.NotFound)
        {
            return null;
        }
    }
}

internal static class TakenMessages
{
    public static string Text(this BasicGetResult message) => Encoding.UTF8.GetString(message.Body.Span);

    /// <summary>A header; text arrives as bytes.</summary>
    public static object? Header(this BasicGetResult message, string name) =>
        message.BasicProperties.Headers?.TryGetValue(name, out var value) == true ? value is byte[] text ? Encoding.UTF8.GetString(text) : value : null;
}
