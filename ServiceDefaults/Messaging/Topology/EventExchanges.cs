using MassTransit;
using MassTransit.Configuration;
using MassTransit.RabbitMqTransport.Topology;

namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>
/// Gives every event's exchange the alternate exchange, in the services that publish it as in those that consume it, and
/// knows these exchanges.
/// </summary>
internal sealed class EventExchanges : IPublishTopologyConfigurationObserver
{
    private readonly List<Exchange> _expected = [];

    /// <summary>The exchanges of the events that this service is known to publish or consume so far.</summary>
    public IEnumerable<OwnTopology> Expected
    {
        get
        {
            // A copy: it is looked at again and again, and a first publish adds to it meanwhile.
            lock (_expected)
                return _expected.ConvertAll(OwnTopology.PublishedTo);
        }
    }

    public void MessageTopologyCreated<T>(IMessagePublishTopologyConfigurator<T> configurator)
        where T : class
    {
        if (configurator is not IRabbitMqMessagePublishTopologyConfigurator<T> topology)
            return;
        topology.AlternateExchange = BrokerNames.Unrouted;
        lock (_expected)
            _expected.Add(topology.Exchange);
    }
}
