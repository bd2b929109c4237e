using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using OrderSample.Servers.Containers;
using OrderSample.Servers.Local;

namespace OrderSample.Servers;

/// <summary>A broker, whatever runs it.</summary>
/// <param name="Resource">The broker; of a cluster, its first node. Its connection string is the administrator's.</param>
/// <param name="Nodes">Addresses of its nodes.</param>
/// <param name="Parts">Of a cluster, what else it consists of: the other nodes, a spare one, and the name server.</param>
public sealed record Broker(IResourceBuilder<IResourceWithConnectionString> Resource, IReadOnlyList<BrokerNode> Nodes, IReadOnlyList<IResourceBuilder<IResource>> Parts);

/// <summary>Where a node is.</summary>
/// <param name="Amqp">Where clients connect.</param>
/// <param name="Management">Its management interface.</param>
public sealed record BrokerNode(EndpointReference Amqp, EndpointReference Management);

/// <summary>Adds the broker.</summary>
public static class BrokerExtensions
{
    /// <summary>Adds RabbitMQ with its management interface, from where servers come from: see <see cref="ServerSource"/>.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name, and that of the broker's node.</param>
    /// <param name="nodes">How many nodes it has. With more than one there is a spare node, too, to be started by hand.</param>
    /// <exception cref="DistributedApplicationException">Several nodes are asked for in containers.</exception>
    public static Broker AddBroker(this IDistributedApplicationBuilder builder, [ResourceName] string name, int nodes = 1)
    {
        if (builder.RunsLocalServers())
            return builder.AddLocalBroker(name, nodes);
        if (nodes > 1)
            throw new DistributedApplicationException("A cluster runs on local servers only, which are Linux's. Leave --cluster out, or --containers.");
        var container = builder.AddRabbitMQContainer(name);
        return new Broker(container, [new BrokerNode(container.Resource.PrimaryEndpoint, container.GetEndpoint("management"))], Parts: []);
    }
}
