using OrderSample.AppHost.LeastPrivilege;

namespace OrderSample.AppHost.Databases;

/// <summary>A service's database, whatever server it is on.</summary>
internal interface IServiceDatabase
{
    /// <summary>Tells a service how to connect, and has it wait for the database.</summary>
    /// <param name="service">The service.</param>
    /// <param name="user">Who owns the database; made if it is not there.</param>
    /// <param name="password">The owner's password.</param>
    IResourceBuilder<ProjectResource> GiveTo(IResourceBuilder<ProjectResource> service, string user, IResourceBuilder<ParameterResource> password);
}

/// <summary>The server that the services' databases are on.</summary>
internal interface IDatabaseServer
{
    /// <summary>Adds the database of one service.</summary>
    IServiceDatabase AddDatabase(string name);
}

/// <summary>A database that the host is told of, by the connection string of its name. It is used as it is.</summary>
internal sealed class GivenDatabase(IResourceBuilder<IResourceWithConnectionString> connectionString) : IServiceDatabase
{
    public IResourceBuilder<ProjectResource> GiveTo(IResourceBuilder<ProjectResource> service, string user, IResourceBuilder<ParameterResource> password) =>
        service.WithReference(connectionString);
}

/// <summary>A database on a server that the host has started.</summary>
/// <param name="database">The database in the app model. Its connection string is the administrator's.</param>
/// <param name="provider">What the services' <c>Database:Provider</c> calls such a server.</param>
internal abstract class OwnedDatabase(IResourceBuilder<IResourceWithConnectionString> database, string provider) : IServiceDatabase
{
    public IResourceBuilder<ProjectResource> GiveTo(IResourceBuilder<ProjectResource> service, string user, IResourceBuilder<ParameterResource> password)
    {
        database.IsHealthyAfter("owner", token => MakeOwnerAsync(user, password.Resource, token));
        // Not by reference: that would hand on the administrator's password.
        return service
            .WithEnvironment("Database__Provider", provider)
            .WithEnvironment($"ConnectionStrings__{database.Resource.Name}", ConnectionString(user, password))
            .WaitFor(database);
    }

    /// <summary>How a user connects to it.</summary>
    protected abstract ReferenceExpression ConnectionString(string user, IResourceBuilder<ParameterResource> password);

    /// <summary>Makes the user who owns it, or changes him to what he is to be.</summary>
    protected abstract Task MakeOwnerAsync(string user, ParameterResource password, CancellationToken cancellationToken);
}
