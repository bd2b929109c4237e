using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Data.SqlClient;

namespace OrderSample.Servers.Containers;

/// <summary>SQL Server in a container. Its connection string is the administrator's.</summary>
public sealed class SqlServerContainer : ContainerResource, IResourceWithConnectionString
{
    internal SqlServerContainer(string name, ParameterResource password)
        : base(name)
    {
        Password = password;
        PrimaryEndpoint = new(this, "tcp");
    }

    /// <summary>Where clients connect.</summary>
    public EndpointReference PrimaryEndpoint { get; }

    /// <summary>The password of <c>sa</c>.</summary>
    public ParameterResource Password { get; }

    // By its number: of localhost SqlClient makes the machine's name on Windows, and that leads past the loopback.
    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Server={PrimaryEndpoint.Property(EndpointProperty.IPV4Host)},{PrimaryEndpoint.Property(EndpointProperty.Port)};User ID=sa;Password={Password};TrustServerCertificate=true");
}

/// <summary>A database of SQL Server's, made when the server is ready.</summary>
public sealed class SqlServerDatabase(string name, SqlServerContainer server) : Resource(name), IResourceWithParent<SqlServerContainer>, IResourceWithConnectionString
{
    /// <inheritdoc/>
    public SqlServerContainer Parent { get; } = server;

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};Initial Catalog={Name}");
}

/// <summary>Adds SQL Server.</summary>
public static class SqlServerContainerExtensions
{
    private const string Image = "mssql/server";
    private const string Tag = "2022-latest";
    private const string Registry = "mcr.microsoft.com";

    /// <summary>Adds a server, healthy once it answers a query. By starting it its user accepts Microsoft's licence of it.</summary>
    public static IResourceBuilder<SqlServerContainer> AddSqlServerContainer(this IDistributedApplicationBuilder builder, [ResourceName] string name)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var server = new SqlServerContainer(name, builder.AddPassword(name).Resource);
        return builder.AddResource(server)
            .WithImage(Image, Tag).WithImageRegistry(Registry)
            .WithEndpoint(targetPort: 1433, scheme: "tcp", name: server.PrimaryEndpoint.EndpointName)
            .WithEnvironment("ACCEPT_EULA", "Y")
            .WithEnvironment("MSSQL_SA_PASSWORD", builder.CreateResourceBuilder(server.Password))
            .IsHealthyWhile(token => Execute(server, "SELECT 1", token))
            .KeepsData((container, volume) => container.WithVolume(volume, "/var/opt/mssql"));
    }

    /// <summary>Adds a database.</summary>
    public static IResourceBuilder<SqlServerDatabase> AddDatabase(this IResourceBuilder<SqlServerContainer> server, [ResourceName] string name)
    {
        ArgumentNullException.ThrowIfNull(server);
        var database = new SqlServerDatabase(name, server.Resource);
        server.OnResourceReady((_, _, token) => Execute(server.Resource, $"IF DB_ID(N'{name}') IS NULL CREATE DATABASE [{name}];", token));
        return server.ApplicationBuilder.AddResource(database).IsHealthyWhile(token => Execute(database, "SELECT 1", token));
    }

    private static async Task Execute(IResourceWithConnectionString server, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new SqlConnection($"{await server.GetConnectionStringAsync(cancellationToken)};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new SqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
