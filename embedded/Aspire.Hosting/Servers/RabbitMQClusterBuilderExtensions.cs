using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>
/// Makes one broker of several nodes. Aspire has nothing of the kind: with it, a cluster is set up outside of the
/// application, and is a connection string to it.
/// </summary>
public static class RabbitMQClusterBuilderExtensions
{
    /// <summary>
    /// Adds nodes, which find one another by their configuration when they start. They get what the broker was given before
    /// this: management plugin and data volume. The broker is healthy once all of them have joined.
    /// </summary>
    /// <param name="builder">The broker, which is the first node.</param>
    /// <param name="nodes">Nodes in all; 1 leaves the broker as it is.</param>
    public static IResourceBuilder<RabbitMQServerResource> WithCluster(this IResourceBuilder<RabbitMQServerResource> builder, int nodes)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentOutOfRangeException.ThrowIfLessThan(nodes, 1);
        if (nodes == 1)
            return builder;

        var cluster = new RabbitMQCluster(builder.ApplicationBuilder, builder.Resource);
        builder.Resource.Annotations.Add(cluster);
        // One for all nodes, as on any machine. It must outlive each of them.
        builder.ApplicationBuilder.AddExecutable($"{builder.Resource.Name}-names", "epmd", ".",
            "-address", "127.0.0.1", "-port", cluster.NameServerPort.ToString(CultureInfo.InvariantCulture));
        if (!builder.Resource.GetEndpoint(RabbitMQServerResource.ManagementEndpointName).Exists)
            builder.WithManagementPlugin();
        for (var node = 2; node <= nodes; node++)
            cluster.Founders.Add(builder.AddNode($"{builder.Resource.Name}-{node}").Resource);
        builder.ApplicationBuilder.AddServerCheck(builder.Resource, cluster.HasFormed, "_cluster");
        return builder;
    }

    /// <summary>
    /// Adds a node that joins the cluster when it is started, for example later with <c>WithExplicitStart()</c>. Queues get
    /// no member on it by that.
    /// </summary>
    /// <param name="builder">The cluster's first node.</param>
    /// <param name="name">The resource's name, which is the node's.</param>
    public static IResourceBuilder<RabbitMQServerResource> AddNode(this IResourceBuilder<RabbitMQServerResource> builder, [ResourceName] string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var first = builder.Resource;
        var cluster = first.Annotations.OfType<RabbitMQCluster>().SingleOrDefault()
            ?? throw new DistributedApplicationException($"Resource '{first.Name}' is no cluster: a node can be added after WithCluster.");
        var application = builder.ApplicationBuilder;
        var node = application.AddRabbitMQ(name,
            first.UserNameParameter is null ? null : application.CreateResourceBuilder(first.UserNameParameter),
            application.CreateResourceBuilder(first.PasswordParameter)).WithManagementPlugin();
        if (first.Annotations.OfType<LocalServerAnnotation>().Single().KeepData)
            node.WithDataVolume();
        node.Resource.Annotations.Add(cluster);
        return node;
    }

    /// <summary>The nodes that make up the cluster from its start; a broker that is none is its only node.</summary>
    /// <param name="broker">The broker.</param>
    public static IReadOnlyList<RabbitMQServerResource> GetNodes(this RabbitMQServerResource broker)
    {
        ArgumentNullException.ThrowIfNull(broker);
        return broker.TryGetLastAnnotation<RabbitMQCluster>(out var cluster) ? cluster.Founders : [broker];
    }
}
