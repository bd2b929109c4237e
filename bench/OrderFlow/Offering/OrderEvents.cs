using System.Collections.Concurrent;
using System.Text.Json;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace OrderSample.Bench.Offering;

/// <summary>
/// Tells of each order when it is reserved and when it is completed, as it hears of it by the events that the order's saga
/// publishes after its commit. Asking for the orders' states over and over would be a load of its own.
/// </summary>
internal sealed class OrderEvents : IAsyncDisposable
{
    private const string Namespace = "OrderSample.Contracts.Ordering.Events:";
    private const string Reserved = $"{Namespace}OrderReserved";
    private const string Completed = $"{Namespace}OrderCompleted";

    private readonly ConcurrentDictionary<Guid, ExpectedOrder> _expected = new();
    private readonly IConnection _connection;
    private readonly IChannel _channel;

    private OrderEvents(IConnection connection, IChannel channel)
    {
        _connection = connection;
        _channel = channel;
    }

    public static async Task<OrderEvents> Listen(Uri broker, CancellationToken cancellationToken)
    {
        var connection = await new ConnectionFactory { Uri = broker }.CreateConnectionAsync(cancellationToken);
        var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
        var events = new OrderEvents(connection, channel);
        // Of this connection alone, and not stored: it costs the broker little, and the same for every system.
        var queue = (await channel.QueueDeclareAsync(cancellationToken: cancellationToken)).QueueName;
        foreach (var exchange in (string[])[Reserved, Completed])
            await channel.QueueBindAsync(queue, exchange, "", cancellationToken: cancellationToken);
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) => events.Tell(message);
        await channel.BasicConsumeAsync(queue, autoAck: true, consumer, cancellationToken);
        return events;
    }

    /// <summary>Call it before the order is placed: its events may be quicker than the answer.</summary>
    public ExpectedOrder Expect(Guid orderId) => _expected[orderId] = new ExpectedOrder();

    /// <summary>The order's id, wherever in the message it is: some systems put their messages into an envelope.</summary>
    internal static Guid OrderIdIn(ReadOnlySpan<byte> json)
    {
        var reader = new Utf8JsonReader(json);
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("orderId"u8) && reader.Read())
                return reader.GetGuid();
        }

        throw new JsonException("The event names no order.");
    }

    public async ValueTask DisposeAsync()
    {
        await _channel.DisposeAsync();
        await _connection.DisposeAsync();
    }

    private Task Tell(BasicDeliverEventArgs message)
    {
        var orderId = OrderIdIn(message.Body.Span);
        if (message.Exchange == Reserved && _expected.TryGetValue(orderId, out var reserved))
            reserved.Reserved.TrySetResult();
        else if (message.Exchange == Completed && _expected.TryRemove(orderId, out var completed))
            completed.Completed.TrySetResult();
        return Task.CompletedTask;
    }
}

/// <summary>An order whose events are awaited.</summary>
internal sealed class ExpectedOrder
{
    public TaskCompletionSource Reserved { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource Completed { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
}
