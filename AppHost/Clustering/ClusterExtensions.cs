using System.Globalization;
using Microsoft.Extensions.Configuration;
using OrderSample.Servers;

namespace OrderSample.AppHost.Clustering;

/// <summary>A broker of several nodes, and how services reach it.</summary>
internal static class ClusterExtensions
{
    /// <summary>How many nodes the broker has: <c>--cluster=N</c>; 1 when nothing is said.</summary>
    /// <exception cref="DistributedApplicationException">It is no number from 1 to 7.</exception>
    public static int NodesOfBroker(this IDistributedApplicationBuilder builder)
    {
        var text = builder.Configuration["cluster"] ?? "1";
        return int.TryParse(text, CultureInfo.InvariantCulture, out var nodes) && nodes is >= 1 and <= 7
            ? nodes
            : throw new DistributedApplicationException($"--cluster takes a number of nodes from 1 to 7, not '{text}'.");
    }

    /// <summary>Puts HAProxy before the nodes when <c>--haproxy</c> asks for it: one address, and health checks.</summary>
    /// <returns>How services reach the broker.</returns>
    /// <exception cref="DistributedApplicationException">There are no three nodes, which is what its file is written for.</exception>
    public static BrokerRoute RouteToBroker(this IDistributedApplicationBuilder builder, Broker broker)
    {
        var nodes = broker.Nodes;
        if (!builder.Configuration.GetValue<bool>("haproxy"))
            return new BrokerRoute(broker, [.. nodes.Select(x => x.Amqp)], [.. nodes.Select(x => x.Management)], WaitsFor: broker.Resource);
        if (nodes.Count != 3)
            throw new DistributedApplicationException("--haproxy stands before three nodes: use it with --cluster.");

        var proxy = builder.AddExecutable("haproxy", "haproxy", "HAProxy", "-db", "-f", "haproxy.cfg")
            .WithEndpoint(scheme: "tcp", name: "amqp", isProxied: false)
            .WithEndpoint(scheme: "http", name: "management", isProxied: false)
            .WithHttpHealthCheck("/", endpointName: "management")
            .WaitFor(broker.Resource);
        proxy.WithEnvironment("AMQP_ADDRESS", Address(proxy.GetEndpoint("amqp"))).WithEnvironment("MANAGEMENT_ADDRESS", Address(proxy.GetEndpoint("management")));
        for (var i = 0; i < nodes.Count; i++)
            proxy.WithEnvironment($"NODE_{i + 1}", Address(nodes[i].Amqp)).WithEnvironment($"MANAGEMENT_{i + 1}", Address(nodes[i].Management));
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
