using MassTransit;
using Argument = RabbitMQ.Client.Headers;

namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>The queues of this service's endpoints, with the arguments they are to have at the broker.</summary>
/// <param name="options">Limits.</param>
internal sealed class EndpointQueues(QueueOptions options)
{
    private readonly List<string> _endpoints = [];

    /// <summary>Every queue of this service: an endpoint's own one, and those for what it could not handle.</summary>
    public IEnumerable<string> Names => _endpoints.SelectMany(endpoint => new[] { endpoint, $"{endpoint}_error", $"{endpoint}_skipped" });

    /// <summary>Arguments of each of them.</summary>
    public Dictionary<string, object> Arguments { get; } = new()
    {
        [Argument.XQueueType] = "quorum",
        ["x-delivery-limit"] = options.DeliveryLimit,
        [Argument.XDeadLetterExchange] = SharedQueues.DeadLetters,
        // Moved on with a confirm, so that a broker that stops in between loses nothing. It needs the overflow mode, which
        // also makes a full queue refuse a message instead of dropping one.
        ["x-dead-letter-strategy"] = "at-least-once",
        [Argument.XOverflow] = "reject-publish",
        [Argument.XMaxLength] = options.MaxLength,
    };

    /// <summary>Sets up an endpoint's queue. Its <c>_error</c> and <c>_skipped</c> queues take over what it has.</summary>
    public void Configure(string name, IRabbitMqReceiveEndpointConfigurator endpoint)
    {
        _endpoints.Add(name);
        endpoint.Durable = true;
        endpoint.AutoDelete = false;
        endpoint.SetQuorumQueue();
        foreach (var (argument, value) in Arguments)
            endpoint.SetQueueArgument(argument, value);
    }
}
