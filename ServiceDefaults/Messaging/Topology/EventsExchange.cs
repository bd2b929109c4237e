using MassTransit;
using MassTransit.RabbitMqTransport.Configuration;
using MassTransit.RabbitMqTransport.Topology;
using RabbitMQ.Client;
using Argument = RabbitMQ.Client.Headers;

namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>
/// An endpoint's second exchange, which events come through. It has the alternate exchange, so that they are kept while the queue is gone.
/// The first one, of the queue's name, can't have it: commands come there, and without a queue they have to go back to their sender.
/// </summary>
internal sealed class EventsExchange : IRabbitMqConsumeTopologySpecification
{
    private ReceiveEndpointBrokerTopologyBuilder? _builder;

    /// <summary>All that the bus declares for the endpoint.</summary>
    /// <exception cref="InvalidOperationException">The bus is not built yet.</exception>
    public BrokerTopology OfEndpoint => (_builder ?? throw new InvalidOperationException("The bus is not built yet.")).BuildBrokerTopology();

    public void Apply(IReceiveEndpointBrokerTopologyBuilder builder)
    {
        _builder = (ReceiveEndpointBrokerTopologyBuilder)builder;
        var events = builder.ExchangeDeclare(builder.Exchange.Exchange.ExchangeName + BrokerNames.EventsSuffix, ExchangeType.Fanout, durable: true, autoDelete: false,
            new Dictionary<string, object> { [Argument.AlternateExchange] = BrokerNames.Unrouted });
        builder.QueueBind(events, builder.Queue, "", new Dictionary<string, object>());
        // To this one the bus binds the exchanges of the messages that the endpoint takes, which it does next.
        _builder.Exchange = events;
    }

    public IEnumerable<ValidationResult> Validate() => [];
}
