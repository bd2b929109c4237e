using MassTransit;
using OrderSample.ServiceDefaults.Messaging.Redelivery;
using Argument = RabbitMQ.Client.Headers;

namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>The queues of this service's endpoints, with the arguments they are to have at the broker.</summary>
/// <param name="options">Limits.</param>
internal sealed class EndpointQueues(QueueOptions options)
{
    private readonly List<(string Queue, Dictionary<string, object> Arguments)> _expected = [];

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
    /// Every queue of this service, with its arguments: an endpoint's own one, those for what it could not handle, and
    /// those in which it lets messages wait.
    /// </summary>
    public IEnumerable<(string Queue, Dictionary<string, object> Arguments)> Expected => _expected;

    /// <summary>Sets up an endpoint's queue. Its <c>_error</c> and <c>_skipped</c> queues take over what it has.</summary>
    public void Configure(string name, IRabbitMqReceiveEndpointConfigurator endpoint, DelayQueues delays)
    {
        _expected.AddRange([(name, _arguments), (name + BrokerNames.ErrorSuffix, _arguments), (name + BrokerNames.SkippedSuffix, _arguments)]);
        _expected.AddRange(Enumerable.Range(0, delays.Count).Select(attempt => (delays.Name(attempt), delays.Arguments(attempt))));
        endpoint.Durable = true;
        endpoint.AutoDelete = false;
        endpoint.SetQuorumQueue();
        foreach (var (argument, value) in _arguments)
            endpoint.SetQueueArgument(argument, value);
    }
}
