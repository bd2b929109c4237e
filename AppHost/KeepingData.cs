#if OFFICIAL_ASPIRE
using Microsoft.Extensions.Configuration;
#endif

namespace OrderSample.AppHost;

/// <summary>Whether what the servers store outlives a run.</summary>
internal static class KeepingData
{
#if OFFICIAL_ASPIRE
    // Volumes and containers belong to the project, not to a run: a test would find what the demo has left. So a demo asks for it.
    private static bool IsAskedFor(IDistributedApplicationBuilder builder) => builder.Configuration["keep-data"] is "true";

    /// <summary>With <c>--keep-data=true</c> in a volume, and in a container that goes on when the app host ends.</summary>
    public static IResourceBuilder<RabbitMQServerResource> KeepsData(this IResourceBuilder<RabbitMQServerResource> server) =>
        IsAskedFor(server.ApplicationBuilder) ? server.WithDataVolume().WithLifetime(ContainerLifetime.Persistent) : server;

    /// <inheritdoc cref="KeepsData(IResourceBuilder{RabbitMQServerResource})"/>
    public static IResourceBuilder<PostgresServerResource> KeepsData(this IResourceBuilder<PostgresServerResource> server) =>
        IsAskedFor(server.ApplicationBuilder) ? server.WithDataVolume().WithLifetime(ContainerLifetime.Persistent) : server;

    /// <inheritdoc cref="KeepsData(IResourceBuilder{RabbitMQServerResource})"/>
    public static IResourceBuilder<SqlServerServerResource> KeepsData(this IResourceBuilder<SqlServerServerResource> server) =>
        IsAskedFor(server.ApplicationBuilder) ? server.WithDataVolume().WithLifetime(ContainerLifetime.Persistent) : server;
#else
    /// <summary>In the run's data folder; whether that is kept is up to who names it.</summary>
    public static IResourceBuilder<RabbitMQServerResource> KeepsData(this IResourceBuilder<RabbitMQServerResource> server) => server.WithDataVolume();

    /// <inheritdoc cref="KeepsData(IResourceBuilder{RabbitMQServerResource})"/>
    public static IResourceBuilder<PostgresServerResource> KeepsData(this IResourceBuilder<PostgresServerResource> server) => server.WithDataVolume();
#endif
}
