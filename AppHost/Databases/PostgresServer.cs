using OrderSample.AppHost.LeastPrivilege;

namespace OrderSample.AppHost.Databases;

internal sealed class PostgresServer(IResourceBuilder<PostgresServerResource> server) : IDatabaseServer
{
    public IServiceDatabase AddDatabase(string name) => new Database(server.AddDatabase(name));

    private sealed class Database(IResourceBuilder<PostgresDatabaseResource> database) : IServiceDatabase
    {
        public IResourceBuilder<IResource> Resource => database;

        public string Provider => "Postgres";

        public ReferenceExpression ConnectionString(string user, IResourceBuilder<ParameterResource> password)
        {
            var server = database.Resource.Parent.PrimaryEndpoint;
            return ReferenceExpression.Create(
                $"Host={server.Property(EndpointProperty.Host)};Port={server.Property(EndpointProperty.Port)};Username={user};Password={password};Database={database.Resource.DatabaseName}");
        }

        public Task MakeOwnerAsync(string user, ParameterResource password, CancellationToken cancellationToken) =>
            new DatabaseRole(database.Resource, user, password).MakeAsync(cancellationToken);
    }
}
