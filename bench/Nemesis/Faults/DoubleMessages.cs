using OrderSample.Bench.Running;
using OrderSample.Nemesis.Running;
using RabbitMQ.Client;
using RabbitMQ.Client.Events;

namespace OrderSample.Nemesis.Faults;

/// <inheritdoc cref="Kind"/>
/// <remarks>As after an acknowledgement that was lost behind a commit, which no process can be killed for at the right moment often enough.</remarks>
internal sealed class DoubleMessages(Victim victim, string queue) : Fault
{
    private IConnection? _connection;

    /// <summary>An endpoint gets each of its messages a second time.</summary>
    public static FaultKind Kind { get; } = new("messages-doubled", "an endpoint gets each of its messages a second time, under the same id",
        _ => SystemShape.Queues, (victim, target) => new DoubleMessages(victim, target))
    { Uses = _ => [SystemUnderTest.Broker], Seconds = (5, 20) };

    public override async Task Begin(CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory { Uri = new Uri(await victim.System.AddressOf(SystemUnderTest.Broker, cancellationToken)), AutomaticRecoveryEnabled = false };
        _connection = await factory.CreateConnectionAsync("nemesis", cancellationToken);
        var channel = await _connection.CreateChannelAsync(cancellationToken: cancellationToken);
        // It goes with its connection, and its bindings with it.
        var copies = (await channel.QueueDeclareAsync(cancellationToken: cancellationToken)).QueueName;
        var consumer = new AsyncEventingBasicConsumer(channel);
        consumer.ReceivedAsync += (_, message) => Repeat(channel, message).AsTask();
        await channel.BasicConsumeAsync(copies, autoAck: true, consumer, cancellationToken);
        foreach (var exchange in SystemShape.ExchangesOf(queue))
            await channel.QueueBindAsync(copies, exchange, "", cancellationToken: cancellationToken);
    }

    public override async Task Heal(CancellationToken cancellationToken)
    {
        if (_connection is { } connection)
            await connection.DisposeAsync().AsTask().WaitAsync(cancellationToken);
        _connection = null;
    }

    /// <summary>Past the exchanges, so that it is not taken again.</summary>
    private ValueTask Repeat(IChannel channel, BasicDeliverEventArgs message) =>
        channel.BasicPublishAsync("", queue, mandatory: false, new BasicProperties(message.BasicProperties), message.Body, CancellationToken.None);
}
