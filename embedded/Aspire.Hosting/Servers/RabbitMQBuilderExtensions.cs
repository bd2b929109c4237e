using System.Globalization;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting;

/// <summary>Adds RabbitMQ: here the machine's own installation, run with data, ports and password of its own.</summary>
public static class RabbitMQBuilderExtensions
{
    private const string Server = "/usr/lib/rabbitmq/bin/rabbitmq-server";

    /// <summary>Adds a broker, healthy once it greets a client.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="userName">The user; guest when absent.</param>
    /// <param name="password">The password; a generated one when absent.</param>
    /// <param name="port">The AMQP port; a free one when absent.</param>
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQ(this IDistributedApplicationBuilder builder, [ResourceName] string name,
        IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var broker = new RabbitMQServerResource(name, userName?.Resource, password?.Resource ?? LocalServerAnnotation.PasswordOf(builder, name));
        EndpointRules.Add(broker, new EndpointAnnotation(ProtocolType.Tcp, "tcp", name: RabbitMQServerResource.PrimaryEndpointName, port: port, isProxied: false));
        broker.Annotations.Add(new LocalServerAnnotation((folder, token) => Prepare(broker, folder, token)));

        builder.AddServerCheck(broker, token => ServerChecks.RabbitMQ(broker, token));
        return builder.AddResource(broker);
    }

    /// <summary>Adds the management pages and API, on a free port.</summary>
    /// <param name="builder">The broker.</param>
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder) =>
        builder.WithManagementPlugin(port: null);

    /// <summary>Adds the management pages and API.</summary>
    /// <param name="builder">The broker.</param>
    /// <param name="port">The port; a free one when absent.</param>
    public static IResourceBuilder<RabbitMQServerResource> WithManagementPlugin(this IResourceBuilder<RabbitMQServerResource> builder, int? port)
    {
        ArgumentNullException.ThrowIfNull(builder);
        EndpointRules.Add(builder.Resource, new EndpointAnnotation(ProtocolType.Tcp, "http", name: RabbitMQServerResource.ManagementEndpointName, port: port, isProxied: false));
        return builder;
    }

    /// <summary>Keeps queues and messages from one run of the application to the next.</summary>
    /// <param name="builder">The broker.</param>
    /// <param name="name">Of Aspire's signature; the folder is named after the resource.</param>
    /// <param name="isReadOnly">Of Aspire's signature; not used.</param>
    public static IResourceBuilder<RabbitMQServerResource> WithDataVolume(this IResourceBuilder<RabbitMQServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Resource.Annotations.OfType<LocalServerAnnotation>().Single().KeepData = true;
        return builder;
    }

    private static async Task<ProgramToStart> Prepare(RabbitMQServerResource broker, string folder, CancellationToken cancellationToken)
    {
        if (!File.Exists(Server))
            throw new DistributedApplicationException($"RabbitMQ is not installed: there is no {Server}. Install Debian's package rabbitmq-server; ./run.sh does.");

        var management = broker.Annotations.OfType<EndpointAnnotation>().SingleOrDefault(x => x.Name == RabbitMQServerResource.ManagementEndpointName);
        var configuration = Path.Combine(folder, "rabbitmq.conf");
        var plugins = Path.Combine(folder, "enabled_plugins");
        if (broker.TryGetLastAnnotation<RabbitMQCluster>(out var cluster))
            cluster.Prepare(folder, broker.Annotations.OfType<LocalServerAnnotation>().Single().KeepData);
        else
            RabbitMQCluster.EnsureSingle(folder);

        // In a file that only its owner can read: arguments and environment can be seen by others.
        DataFolders.WritePrivate(configuration, $"""
            listeners.tcp.1 = 127.0.0.1:{broker.PrimaryEndpoint.Port}
            default_user = {await broker.UserName.GetValueAsync(cancellationToken)}
            default_pass = {await broker.PasswordParameter.GetValueAsync(cancellationToken)}
            log.console = true
            log.console.level = warning
            log.file = false
            disk_free_limit.absolute = 500MB
            {(management is null ? "" : $"management.tcp.ip = 127.0.0.1\nmanagement.tcp.port = {management.AllocatedEndpoint!.Port}")}
            {cluster?.ConfigurationOf(broker)}

            """);
        await File.WriteAllTextAsync(plugins, management is null ? "[]." : "[rabbitmq_management].", cancellationToken);

        return new("/bin/sh", [LocalServerAnnotation.Script("run-rabbitmq.sh")], folder)
        {
            Environment = new Dictionary<string, string>
            {
                ["HOME"] = folder,
                ["ERL_EPMD_PORT"] = (cluster?.NameServerPort ?? EndpointAllocator.FreePort()).ToString(CultureInfo.InvariantCulture),
                ["NAME_SERVER"] = cluster is null ? "own" : "shared",
                ["RABBITMQ_DIST_PORT"] = EndpointAllocator.FreePort().ToString(CultureInfo.InvariantCulture),
                ["RABBITMQ_NODENAME"] = RabbitMQCluster.NodeName(broker),
                ["RABBITMQ_MNESIA_BASE"] = folder,
                ["RABBITMQ_LOG_BASE"] = folder,
                ["RABBITMQ_CONFIG_FILE"] = configuration,
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = plugins,
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}",
            },
        };
    }
}
