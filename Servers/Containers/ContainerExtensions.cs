using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

namespace OrderSample.Servers.Containers;

/// <summary>Adds servers that run in containers.</summary>
internal static class ContainerExtensions
{
    public static IResourceBuilder<RabbitMQServerResource> AddRabbitMQContainer(this IDistributedApplicationBuilder builder, string name)
    {
        var password = builder.AddPassword(name);
        // It keeps its queues in a folder named after the node: with a volume Aspire gives the node a fixed name.
        var broker = builder.AddRabbitMQ(name, password: password).WithManagementPlugin().KeepsData((server, volume) => server.WithDataVolume(volume));
        return broker.IsHealthyWhile(async token =>
            await BrokerAlarms.EnsureNone(broker.GetEndpoint("management").Url, (await password.Resource.GetValueAsync(token))!, token), "alarms");
    }

    public static IResourceBuilder<PostgresServerResource> AddPostgresContainer(this IDistributedApplicationBuilder builder, string name) =>
        builder.AddPostgres(name, password: builder.AddPassword(name)).WithArgs("-c", $"max_connections={PostgresExtensions.MaxConnections}")
            .KeepsData((server, volume) => server.WithDataVolume(volume));

    /// <summary>What a server's container and volume are called.</summary>
    public static string NameOf(string server, string id) => $"ordersample-{id}-{server}";

    /// <summary>The password with which a server makes its data: it has to live as long as the volume, so it lives in the data folder, which names the volume.</summary>
    public static IResourceBuilder<ParameterResource> AddPassword(this IDistributedApplicationBuilder builder, string server)
    {
        // Whoever deploys what is published says it.
        if (builder.ExecutionContext.IsPublishMode)
            return builder.AddParameter($"{server}-password", secret: true);
        var data = DataFolder.Of(builder);
        return builder.AddParameter($"{server}-password", () => data.Password(server + DataFolder.OfContainer), secret: true);
    }

    /// <summary>
    /// Keeps the data in a volume: a stop takes the container away. Outside of tests both outlive the application. They are named after the data
    /// folder, so that two clones, or two data folders, have nothing in common.
    /// </summary>
    public static IResourceBuilder<T> KeepsData<T>(this IResourceBuilder<T> server, Func<IResourceBuilder<T>, string, IResourceBuilder<T>> withVolume)
        where T : ContainerResource
    {
        var builder = server.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode)
            return withVolume(server, $"ordersample-{server.Resource.Name}");
        var data = DataFolder.Of(builder);
        var runtime = builder.Configuration[ContainerRuntime.Setting]!;
        var name = NameOf(server.Resource.Name, data.Id);
        if (!data.IsKept)
        {
            data.WhenDisposed(() => ContainerRuntime.Remove(runtime, container: name, volume: name));
            return withVolume(server.WithContainerName(name), name);
        }

        if (data.IsFresh)
        {
            ContainerRuntime.Remove(runtime, container: name, volume: name);
            data.Forget(server.Resource.Name + DataFolder.OfContainer);
        }

        return withVolume(server.WithContainerName(name), name).WithLifetime(ContainerLifetime.Persistent);
    }
}
