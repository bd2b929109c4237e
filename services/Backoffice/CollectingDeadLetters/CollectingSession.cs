using OrderSample.Backoffice.Messaging;
using OrderSample.ServiceDefaults.Messaging;
using OrderSample.ServiceDefaults.Messaging.Redelivery;
using OrderSample.ServiceDefaults.Messaging.Replays;
using OrderSample.ServiceDefaults.Messaging.Topology;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;
using RabbitMQ.Client.Exceptions;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>One connection that consumes, until it is lost. Messages are taken one at a time: stored, then acknowledged.</summary>
internal sealed class CollectingSession : IAsyncDisposable
{
    private readonly Dictionary<string, AsyncEventingBasicConsumer> _consumers = [];
    private readonly CancellationTokenSource _ended = new();
    private readonly IConnection _connection;
    private readonly IChannel _channel;
    private readonly DeadLetterArchive _archive;
    private readonly CollectorState _state;
    private readonly TimeProvider _time;

    private CollectingSession(IConnection connection, IChannel channel, DeadLetterArchive archive, CollectorState state, TimeProvider time)
    {
        (_connection, _channel, _archive, _state, _time) = (connection, channel, archive, state, time);
        // The channel goes with its connection, and the broker can close it alone.
        channel.ChannelShutdownAsync += (_, shutdown) =>
        {
            LostBecause = shutdown.ReplyText;
            return _ended.CancelAsync();
        };
    }

    /// <summary>Cancelled when the connection is lost.</summary>
    public CancellationToken Lost => _ended.Token;

    /// <summary>Why it was.</summary>
    public string? LostBecause { get; private set; }

    /// <exception cref="BrokerUnreachableException">Nobody listens there, or the broker refuses the user.</exception>
    public static async Task<CollectingSession> OpenAsync(BrokerConnections broker, DeadLetterArchive archive, CollectorState state,
        ushort prefetchCount, TimeProvider time, CancellationToken cancellationToken)
    {
        var connection = await broker.OpenAsync("dead letters", cancellationToken);
        try
        {
            var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken).WaitAsync(BrokerAddress.AnswerTimeout, cancellationToken);
            // Per consumer: quorum queues know no limit for a whole channel.
            await channel.BasicQosAsync(prefetchSize: 0, prefetchCount, global: false, cancellationToken).WaitAsync(BrokerAddress.AnswerTimeout, cancellationToken);
            return new CollectingSession(connection, channel, archive, state, time);
        }
        catch
        {
            await BrokerAddress.CloseAsync(connection);
            throw;
        }
    }

    /// <summary>Begins to read a queue, unless it is being read.</summary>
    public async Task ConsumeAsync(string queue, CancellationToken cancellationToken)
    {
        // A consumer of a queue that was deleted does not run any more; the queue may have come again.
        if (_consumers.TryGetValue(queue, out var known) && known.IsRunning)
            return;

        var consumer = new AsyncEventingBasicConsumer(_channel);
        consumer.ReceivedAsync += (_, delivery) => TakeAsync(queue, delivery);
        await _channel.BasicConsumeAsync(queue, autoAck: false, consumer, cancellationToken).WaitAsync(BrokerAddress.AnswerTimeout, cancellationToken);
        _consumers[queue] = consumer;
    }

    public async ValueTask DisposeAsync()
    {
        // An unacknowledged message is given up, and stays in its queue.
        await _ended.CancelAsync();
        await BrokerAddress.CloseAsync(_connection);
        _ended.Dispose();
    }

    private async Task TakeAsync(string queue, BasicDeliverEventArgs delivery)
    {
        try
        {
            await (queue switch
            {
                BrokerNames.HandledDeadLetters => _archive.StoreAsync(EndpointReport.Of<DeadLetterHandled>(delivery.Body.Span), _ended.Token),
                BrokerNames.RepeatedDeliveries => _archive.StoreAsync(EndpointReport.Of<RepeatedDelivery>(delivery.Body.Span), _ended.Token),
                _ => _archive.StoreAsync(ReceivedDeadLetter.Of(queue, delivery, _time.GetUtcNow()), _ended.Token),
            });
            await AcknowledgeAsync(delivery);
        }
        catch (Exception) when (_ended.IsCancellationRequested || !_channel.IsOpen)
        {
            // Not acknowledged: it comes again on the next connection, and is known then if it was stored.
        }
        catch (Exception exception)
        {
            // Left unacknowledged and not given back, or it would keep coming at once. It comes again with the next connection.
            _state.Refuses(queue, delivery.BasicProperties.MessageId, exception);
        }
    }

    private async Task AcknowledgeAsync(BasicDeliverEventArgs delivery)
    {
        try
        {
            await _channel.BasicAckAsync(delivery.DeliveryTag, multiple: false, _ended.Token).AsTask().WaitAsync(BrokerAddress.AnswerTimeout, _ended.Token);
        }
        catch (TimeoutException)
        {
            // What was not taken from this process in so long a time goes to a connection that is dead.
            LostBecause = "An acknowledgement was not taken.";
            await _ended.CancelAsync();
        }
    }
}
