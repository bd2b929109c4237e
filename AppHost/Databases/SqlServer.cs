using OrderSample.AppHost.LeastPrivilege;
using OrderSample.Servers.Containers;

namespace OrderSample.AppHost.Databases;

/// <summary>SQL Server in a container.</summary>
internal sealed class SqlServer(IResourceBuilder<SqlServerContainer> server) : IDatabaseServer
{
    public IServiceDatabase AddDatabase(string name) => new Database(server.AddDatabase(name));

    private sealed class Database(IResourceBuilder<SqlServerDatabase> database) : OwnedDatabase(database, "SqlServer")
    {
        private readonly SqlServerDatabase _database = database.Resource;

        protected override ReferenceExpression ConnectionString(string user, IResourceBuilder<ParameterResource> password)
        {
            var server = _database.Parent.PrimaryEndpoint;
            return ReferenceExpression.Create(
                $"Server={server.Property(EndpointProperty.IPV4Host)},{server.Property(EndpointProperty.Port)};User ID={user};Password={password};TrustServerCertificate=true;Initial Catalog={_database.Name}");
        }

        protected override Task MakeOwnerAsync(string user, ParameterResource password, CancellationToken cancellationToken) =>
            new SqlServerLogin(_database, user, password).MakeAsync(cancellationToken);
    }
}
