using MassTransit;
using MassTransit.RabbitMqTransport.Configuration;
using OrderSample.ServiceDefaults.Messaging.Redelivery;
using Argument = RabbitMQ.Client.Headers;

namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>The queues of this service's endpoints, with the arguments they are to have at the broker.</summary>
/// <param name="options">Limits.</param>
internal sealed class EndpointQueues(QueueOptions options)
{
    private readonly List<(IRabbitMqReceiveEndpointConfiguration Endpoint, EventsExchange Events, DelayQueues Delays)> _endpoints = [];

    private readonly Dictionary<string, object> _arguments = new(options.Quorum())
    {
        ["x-delivery-limit"] = options.DeliveryLimit,
        [Argument.XDeadLetterExchange] = BrokerNames.DeadLetters,
        // Moved on with a confirm, so that a broker that stops in between loses nothing. It needs the overflow mode, which
        // also makes a full queue refuse a message instead of dropping one.
        ["x-dead-letter-strategy"] = "at-least-once",
        [Argument.XOverflow] = "reject-publish",
        [Argument.XMaxLength] = options.MaxLength,
    };

    /// <summary>
    /// What the endpoints are made of: each one's own queue with its exchanges and their bindings, the queues for what it could not
    /// handle, and those in which it lets messages wait.
    /// </summary>
    public IEnumerable<OwnTopology> Expected => _endpoints.SelectMany(x => ExpectedOf(x.Endpoint, x.Events, x.Delays));

    /// <summary>Sets up an endpoint's queue. Its <c>_error</c> and <c>_skipped</c> queues take over what it has.</summary>
    public void Configure(IRabbitMqReceiveEndpointConfigurator endpoint, DelayQueues delays)
    {
        endpoint.Durable = true;
        endpoint.AutoDelete = false;
        endpoint.SetQuorumQueue();
        foreach (var (argument, value) in _arguments)
            endpoint.SetQueueArgument(argument, value);

        var configuration = (IRabbitMqReceiveEndpointConfiguration)endpoint;
        var events = new EventsExchange();
        configuration.Topology.Consume.AddSpecification(events);
        _endpoints.Add((configuration, events, delays));
    }

    private static IEnumerable<OwnTopology> ExpectedOf(IRabbitMqReceiveEndpointConfiguration endpoint, EventsExchange events, DelayQueues delays) =>
    [
        new(events.OfEndpoint, IsConsumed: true),
        new(endpoint.Topology.Send.GetErrorSettings(endpoint.Settings).GetBrokerTopology(), MadeWhenNeeded: true),
        new(endpoint.Topology.Send.GetDeadLetterSettings(endpoint.Settings).GetBrokerTopology(), MadeWhenNeeded: true),
        .. Enumerable.Range(0, delays.Count).Select(attempt => OwnTopology.QueueWithExchange(delays.Name(attempt), delays.Arguments(attempt))),
    ];
}
