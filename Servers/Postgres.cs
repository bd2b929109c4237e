using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using OrderSample.Servers.Containers;
using OrderSample.Servers.Local;

namespace OrderSample.Servers;

/// <summary>A PostgreSQL server, whatever runs it.</summary>
/// <param name="Resource">The server. Its connection string is the administrator's.</param>
/// <param name="Endpoint">Where clients connect.</param>
/// <param name="AddDatabase">Adds a database of that name.</param>
public sealed record Postgres(
    IResourceBuilder<IResourceWithConnectionString> Resource, EndpointReference Endpoint, Func<string, IResourceBuilder<IResourceWithConnectionString>> AddDatabase);

/// <summary>Adds PostgreSQL.</summary>
public static class PostgresExtensions
{
    /// <summary>Connections that a server takes: there are four services, each with replicas and a pool for each, and people.</summary>
    internal const string MaxConnections = "300";

    /// <summary>Adds PostgreSQL, from where servers come from: see <see cref="ServerSource"/>.</summary>
    public static Postgres AddPostgresServer(this IDistributedApplicationBuilder builder, [ResourceName] string name)
    {
        if (builder.RunsLocalServers())
            return builder.AddLocalPostgres(name);
        var container = builder.AddPostgresContainer(name);
        return new Postgres(container, container.Resource.PrimaryEndpoint, database => container.AddDatabase(database));
    }
}
