namespace OrderSample.AppHost.Databases;

/// <summary>A service's database, whatever server it is on.</summary>
internal interface IServiceDatabase
{
    /// <summary>The database in the app model.</summary>
    IResourceBuilder<IResource> Resource { get; }

    /// <summary>What the services' <c>Database:Provider</c> calls such a server.</summary>
    string Provider { get; }

    /// <summary>How a user connects to it.</summary>
    ReferenceExpression ConnectionString(string user, IResourceBuilder<ParameterResource> password);

    /// <summary>Makes the user who owns it, or changes him to what he is to be.</summary>
    Task MakeOwnerAsync(string user, ParameterResource password, CancellationToken cancellationToken);
}

/// <summary>The server that the services' databases are on.</summary>
internal interface IDatabaseServer
{
    /// <summary>Adds the database of one service.</summary>
    IServiceDatabase AddDatabase(string name);
}
