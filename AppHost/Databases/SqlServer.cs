using OrderSample.AppHost.LeastPrivilege;

namespace OrderSample.AppHost.Databases;

internal sealed class SqlServer(IResourceBuilder<SqlServerServerResource> server) : IDatabaseServer
{
    public IServiceDatabase AddDatabase(string name) => new Database(server.AddDatabase(name));

    private sealed class Database(IResourceBuilder<SqlServerDatabaseResource> database) : IServiceDatabase
    {
        public IResourceBuilder<IResource> Resource => database;

        public string Provider => "SqlServer";

        public ReferenceExpression ConnectionString(string user, IResourceBuilder<ParameterResource> password)
        {
            var server = database.Resource.Parent.PrimaryEndpoint;
            return ReferenceExpression.Create(
                $"Server={server.Property(EndpointProperty.Host)},{server.Property(EndpointProperty.Port)};User ID={user};Password={password};TrustServerCertificate=true;Initial Catalog={database.Resource.DatabaseName}");
        }

        public Task MakeOwnerAsync(string user, ParameterResource password, CancellationToken cancellationToken) =>
            new SqlServerLogin(database.Resource, user, password).MakeAsync(cancellationToken);
    }
}
