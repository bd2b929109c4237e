using MassTransit.RabbitMqTransport.Topology;
using RabbitMQ.Client;

namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>Queues, exchanges and bindings of a service that belong together.</summary>
/// <param name="Topology">As they are to be at the broker.</param>
/// <param name="MadeWhenNeeded">Whether the bus declares them with the first message for them, so that nothing is wrong while all of it is missing.</param>
/// <param name="IsConsumed">Whether something is wrong while nobody consumes from its queues.</param>
internal sealed record OwnTopology(BrokerTopology Topology, bool MadeWhenNeeded = false, bool IsConsumed = false)
{
    private static readonly Dictionary<string, object> None = [];

    /// <summary>A durable queue, and an exchange of the same name that leads to it.</summary>
    public static OwnTopology QueueWithExchange(string name, Dictionary<string, object> arguments)
    {
        var builder = new ReceiveEndpointBrokerTopologyBuilder();
        var exchange = builder.ExchangeDeclare(name, ExchangeType.Fanout, durable: true, autoDelete: false, None);
        var queue = builder.QueueDeclare(name, durable: true, autoDelete: false, exclusive: false, arguments);
        builder.QueueBind(exchange, queue, "", None);
        return new OwnTopology(builder.BuildBrokerTopology());
    }

    /// <summary>An exchange that messages are published to.</summary>
    public static OwnTopology PublishedTo(Exchange exchange)
    {
        var builder = new ReceiveEndpointBrokerTopologyBuilder();
        builder.ExchangeDeclare(exchange.ExchangeName, exchange.ExchangeType, exchange.Durable, exchange.AutoDelete, exchange.ExchangeArguments);
        return new OwnTopology(builder.BuildBrokerTopology());
    }
}
