using Microsoft.Extensions.Configuration;
using OrderSample.Servers;
using OrderSample.Servers.Containers;

namespace OrderSample.AppHost.Databases;

/// <summary>Adds the services' databases.</summary>
internal static class DatabaseServerExtensions
{
    /// <summary>Adds the server that the services' databases are on, once a database is added that the host is not told of.</summary>
    public static IDatabaseServer AddDatabaseServer(this IDistributedApplicationBuilder builder) => new GivenOrOwnServer(builder);

    private sealed class GivenOrOwnServer(IDistributedApplicationBuilder builder) : IDatabaseServer
    {
        private readonly Lazy<IDatabaseServer> _own = new(() => AddOwn(builder));

        public IServiceDatabase AddDatabase(string name) => builder.Configuration.GetConnectionString(name) is null
            ? _own.Value.AddDatabase(name)
            : new GivenDatabase(builder.AddConnectionString(name));

        private static IDatabaseServer AddOwn(IDistributedApplicationBuilder builder)
        {
            if (!string.Equals(builder.Configuration["Database:Provider"], "SqlServer", StringComparison.OrdinalIgnoreCase))
                return new PostgresServer(builder.AddPostgresServer("postgres"));
            return builder.GetServerSource() == ServerSource.Containers
                ? new SqlServer(builder.AddSqlServerContainer("sqlserver"))
                : throw new DistributedApplicationException(
                    "SQL Server runs in a container only. Take --containers, or name one that runs already: ConnectionStrings:orders-db, inventory-db, notifications-db and backoffice-db.");
        }
    }
}
