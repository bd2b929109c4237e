using System.Globalization;
using System.Net.Sockets;
using System.Runtime.Versioning;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace OrderSample.Servers.Local;

/// <summary>A RabbitMQ node.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LocalRabbitMQ : LocalServer
{
    /// <summary>A single node, or the first one of a cluster.</summary>
    public LocalRabbitMQ(IDistributedApplicationBuilder builder, string name)
        : base(builder, name)
    {
    }

    /// <summary>One more node of a cluster. The administrator is the same on all of them.</summary>
    public LocalRabbitMQ(IDistributedApplicationBuilder builder, string name, RabbitMQCluster cluster)
        : base(builder, name, cluster.First.Password) => Cluster = cluster;

    /// <summary>Null for a single node.</summary>
    public RabbitMQCluster? Cluster { get; set; }

    /// <summary>The management interface.</summary>
    public EndpointReference Management => new(this, "management");

    /// <inheritdoc/>
    public override ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"amqp://guest:{Password}@{PrimaryEndpoint.Property(EndpointProperty.Host)}:{PrimaryEndpoint.Property(EndpointProperty.Port)}");
}

/// <summary>Adds RabbitMQ.</summary>
[SupportedOSPlatform("linux")]
internal static class LocalRabbitMQExtensions
{
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    /// <summary>Whether this machine has it.</summary>
    public static bool IsInstalled => File.Exists(Server);

    /// <summary>
    /// Adds a broker of one node or several, which find one another by their configuration when they start. It is healthy once all
    /// of them have joined. Beside several there is a spare one, which joins them when somebody starts it.
    /// </summary>
    public static Broker AddLocalBroker(this IDistributedApplicationBuilder builder, string name, int nodes)
    {
        var first = builder.AddNode(new LocalRabbitMQ(builder, name));
        if (nodes == 1)
            return new Broker(first, [Address(first.Resource)], Parts: []);

        var cluster = first.Resource.Cluster = new RabbitMQCluster(first.Resource);
        // One name server for all nodes, as on any machine. It must outlive each of them.
        var names = builder.AddExecutable($"{name}-names", "epmd", ".", "-address", "127.0.0.1", "-port", cluster.NameServerPort.ToString(CultureInfo.InvariantCulture));
        var others = Enumerable.Range(2, nodes).Select(number => builder.AddNode(new LocalRabbitMQ(builder, $"{name}-{number}", cluster))).ToList();
        others[^1].WithExplicitStart();
        cluster.Founders.AddRange(others[..^1].Select(x => x.Resource));
        return new Broker(first.IsHealthyWhile(cluster.HasFormed, "cluster"), [.. cluster.Founders.Select(Address)], [.. others, names]);

        static BrokerNode Address(LocalRabbitMQ node) => new(node.PrimaryEndpoint, node.Management);
    }

    /// <summary>A node is healthy once it greets a client, and while it takes messages.</summary>
    private static IResourceBuilder<LocalRabbitMQ> AddNode(this IDistributedApplicationBuilder builder, LocalRabbitMQ node) =>
        builder.AddResource(node)
            .WithArgs(LocalServer.Script("run-rabbitmq.sh"))
            .WithFreePort("tcp", node.PrimaryEndpoint.EndpointName)
            .WithFreePort("http", node.Management.EndpointName)
            .OnBeforeResourceStarted((_, _, token) => Configure(node, token))
            .WithEnvironment(context =>
            {
                context.EnvironmentVariables["HOME"] = node.Folder;
                context.EnvironmentVariables["ERL_EPMD_PORT"] = (node.Cluster?.NameServerPort ?? LocalServerExtensions.FreePort()).ToString(CultureInfo.InvariantCulture);
                context.EnvironmentVariables["NAME_SERVER"] = node.Cluster is null ? "own" : "shared";
                context.EnvironmentVariables["RABBITMQ_DIST_PORT"] = LocalServerExtensions.FreePort().ToString(CultureInfo.InvariantCulture);
                context.EnvironmentVariables["RABBITMQ_NODENAME"] = RabbitMQCluster.NodeName(node);
                context.EnvironmentVariables["RABBITMQ_MNESIA_BASE"] = node.Folder;
                context.EnvironmentVariables["RABBITMQ_LOG_BASE"] = node.Folder;
                context.EnvironmentVariables["RABBITMQ_CONFIG_FILE"] = Path.Combine(node.Folder, "rabbitmq.conf");
                context.EnvironmentVariables["RABBITMQ_ADVANCED_CONFIG_FILE"] = Path.Combine(node.Folder, "advanced.config");
                context.EnvironmentVariables["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(node.Folder, "enabled_plugins");
                context.EnvironmentVariables["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}";
            })
            .IsHealthyWhile(token => Greet(node, token))
            .IsHealthyWhile(async token => await BrokerAlarms.EnsureNone(node.Management.Url, (await node.Password.GetValueAsync(token))!, token), "alarms");

    private static async Task Configure(LocalRabbitMQ node, CancellationToken cancellationToken)
    {
        var folder = node.Folder;
        if (node.Cluster is null)
            RabbitMQCluster.EnsureSingle(folder);
        else
            node.Cluster.Prepare(folder);

        // In a file that only its owner can read: arguments and environment can be seen by others.
        DataFolder.WritePrivate(Path.Combine(folder, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{node.PrimaryEndpoint.Port}
            default_user = guest
            default_pass = {await node.Password.GetValueAsync(cancellationToken)}
            log.console = true
            log.console.level = warning
            # Whoever asks for a node's greeting and goes again is a warning each time: health checks, load balancers and services do so every few seconds.
            log.connection.level = error
            log.file = false
            disk_free_limit.absolute = 500MB
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {node.Management.Port}
            {node.Cluster?.ConfigurationOf(node)}

            """);
        await File.WriteAllTextAsync(Path.Combine(folder, "advanced.config"), RabbitMQCluster.AdvancedConfiguration, cancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "enabled_plugins"), "[rabbitmq_management].", cancellationToken);
    }

    /// <summary>A broker that is up answers the protocol header with its first method; the listener opens when the node has booted.</summary>
    private static async Task Greet(LocalRabbitMQ broker, CancellationToken cancellationToken)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", broker.PrimaryEndpoint.Port, cancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync("AMQP\0\0\x9\x1"u8.ToArray(), cancellationToken);
        await stream.ReadExactlyAsync(new byte[1], cancellationToken);
    }
}
