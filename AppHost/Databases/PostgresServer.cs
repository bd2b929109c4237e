using OrderSample.AppHost.LeastPrivilege;
using OrderSample.Servers;

namespace OrderSample.AppHost.Databases;

/// <summary>PostgreSQL: a container or a process of this machine.</summary>
internal sealed class PostgresServer(Postgres server) : IDatabaseServer
{
    public IServiceDatabase AddDatabase(string name) => new Database(server.Endpoint, server.AddDatabase(name));

    private sealed class Database(EndpointReference server, IResourceBuilder<IResourceWithConnectionString> database) : OwnedDatabase(database, "Postgres")
    {
        private readonly IResourceWithConnectionString _database = database.Resource;

        protected override ReferenceExpression ConnectionString(string user, IResourceBuilder<ParameterResource> password) => ReferenceExpression.Create(
            $"Host={server.Property(EndpointProperty.Host)};Port={server.Property(EndpointProperty.Port)};Username={user};Password={password};Database={_database.Name}");

        protected override Task MakeOwnerAsync(string user, ParameterResource password, CancellationToken cancellationToken) =>
            new DatabaseRole(_database, user, password).MakeAsync(cancellationToken);
    }
}
