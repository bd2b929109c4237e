using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace OrderSample.AppHost.Clustering;

/// <summary>A broker of several nodes, and how services reach it.</summary>
internal static class ClusterExtensions
{
    /// <summary>How many nodes the broker has: <c>--cluster=N</c>; 1 when nothing is said.</summary>
    /// <exception cref="InvalidOperationException">It is no number from 1 to 7.</exception>
    public static int NodesOfBroker(this IDistributedApplicationBuilder builder)
    {
        var text = builder.Configuration["cluster"] ?? "1";
        return int.TryParse(text, CultureInfo.InvariantCulture, out var nodes) && nodes is >= 1 and <= 7
            ? nodes
            : throw new InvalidOperationException($"--cluster takes a number of nodes from 1 to 7, not '{text}'.");
    }

#if OFFICIAL_ASPIRE
    /// <summary>Aspire itself knows single brokers only.</summary>
    /// <exception cref="InvalidOperationException">Several nodes are asked for.</exception>
    public static IResourceBuilder<RabbitMQServerResource> WithCluster(this IResourceBuilder<RabbitMQServerResource> broker, int nodes) => nodes == 1
        ? broker
        : throw new InvalidOperationException("--cluster runs with the servers of this machine: build without -p:OfficialAspire=true.");

    private static IReadOnlyList<RabbitMQServerResource> GetNodes(this RabbitMQServerResource broker) => [broker];

    private static IResourceBuilder<RabbitMQServerResource> AddNode(this IResourceBuilder<RabbitMQServerResource> broker, string name) =>
        throw new InvalidOperationException($"{name} can't join {broker.Resource.Name}, which is no cluster.");
#endif

    /// <summary>Gives a cluster one more node, which is started by hand: to show how a cluster grows.</summary>
    public static IResourceBuilder<RabbitMQServerResource> WithSpareNode(this IResourceBuilder<RabbitMQServerResource> broker)
    {
        var nodes = broker.Resource.GetNodes().Count;
        if (nodes > 1)
            broker.AddNode($"{broker.Resource.Name}-{nodes + 1}").WithExplicitStart();
        return broker;
    }

    /// <summary>Puts HAProxy before the nodes when <c>--haproxy</c> asks for it: one address, and health checks.</summary>
    /// <returns>How services reach the broker.</returns>
    /// <exception cref="InvalidOperationException">There are no three nodes, which is what its file is written for.</exception>
    public static BrokerRoute RouteToBroker(this IDistributedApplicationBuilder builder, IResourceBuilder<RabbitMQServerResource> broker)
    {
        var nodes = broker.Resource.GetNodes();
        if (builder.Configuration["haproxy"] is not "true")
            return new BrokerRoute(broker, [.. nodes.Select(x => x.PrimaryEndpoint)], [.. nodes.Select(x => x.GetEndpoint("management"))], WaitsFor: broker);
        if (nodes.Count != 3)
            throw new InvalidOperationException("--haproxy stands before three nodes: use it with --cluster.");

        var proxy = builder.AddExecutable("haproxy", "haproxy", "HAProxy", "-db", "-f", "haproxy.cfg")
            .WithEndpoint(scheme: "tcp", name: "amqp", isProxied: false)
            .WithEndpoint(scheme: "http", name: "management", isProxied: false)
            .WithHttpHealthCheck("/", endpointName: "management")
            .WaitFor(broker);
        proxy.WithEnvironment("AMQP_ADDRESS", Address(proxy.GetEndpoint("amqp"))).WithEnvironment("MANAGEMENT_ADDRESS", Address(proxy.GetEndpoint("management")));
        for (var i = 0; i < nodes.Count; i++)
            proxy.WithEnvironment($"NODE_{i + 1}", Address(nodes[i].PrimaryEndpoint)).WithEnvironment($"MANAGEMENT_{i + 1}", Address(nodes[i].GetEndpoint("management")));
        return new BrokerRoute(broker, [proxy.GetEndpoint("amqp")], [proxy.GetEndpoint("management")], WaitsFor: proxy);
    }

    /// <summary>Tells a service where it reads what the broker says of its queues.</summary>
    /// <param name="service">The service.</param>
    /// <param name="broker">The broker.</param>
    public static IResourceBuilder<ProjectResource> ReadsManagementOf(this IResourceBuilder<ProjectResource> service, BrokerRoute broker)
    {
        service.WithEnvironment("DeadLetters__ManagementUrl", broker.Management[0]);
        for (var i = 1; i < broker.Management.Count; i++)
            service.WithEnvironment($"DeadLetters__OtherManagementUrls__{i - 1}", broker.Management[i]);
        return service;
    }

    private static ReferenceExpression Address(EndpointReference endpoint) =>
        ReferenceExpression.Create($"{endpoint.Property(EndpointProperty.IPV4Host)}:{endpoint.Property(EndpointProperty.Port)}");
}
