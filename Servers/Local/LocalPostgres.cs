using System.Runtime.Versioning;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace OrderSample.Servers.Local;

/// <summary>PostgreSQL.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LocalPostgres(IDistributedApplicationBuilder builder, string name) : LocalServer(builder, name)
{
    /// <inheritdoc/>
    public override ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create(
        $"Host={PrimaryEndpoint.Property(EndpointProperty.Host)};Port={PrimaryEndpoint.Property(EndpointProperty.Port)};Username=postgres;Password={Password}");
}

/// <summary>A database, made when the server is ready.</summary>
[SupportedOSPlatform("linux")]
internal sealed class LocalPostgresDatabase(string name, LocalPostgres server) : Resource(name), IResourceWithParent<LocalPostgres>, IResourceWithConnectionString
{
    /// <inheritdoc/>
    public LocalPostgres Parent { get; } = server;

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"{Parent};Database={Name}");
}

/// <summary>Adds PostgreSQL.</summary>
[SupportedOSPlatform("linux")]
internal static class LocalPostgresExtensions
{
    private const string Installations = "/usr/lib/postgresql";

    /// <summary>Whether this machine has it.</summary>
    public static bool IsInstalled => Installed().Count > 0;

    /// <summary>Adds a server, healthy once it answers a query.</summary>
    public static Postgres AddLocalPostgres(this IDistributedApplicationBuilder builder, string name)
    {
        var server = new LocalPostgres(builder, name);
        var added = builder.AddResource(server)
            .WithFreePort("tcp", server.PrimaryEndpoint.EndpointName)
            .WithArgs(context =>
            {
                context.Args.Add(LocalServer.Script("run-postgres.sh"));
                context.Args.Add(Programs(server.Folder));
                context.Args.Add(server.Folder);
                context.Args.Add(server.PrimaryEndpoint.Property(EndpointProperty.Port));
                context.Args.Add(PostgresExtensions.MaxConnections);
            })
            .OnBeforeResourceStarted(async (_, _, token) =>
            {
                // A password that was set is given to the first start in the file of the one that is made otherwise.
                var password = await server.Password.GetValueAsync(token);
                if (!File.Exists(Path.Combine(server.Folder, "PG_VERSION")))
                    DataFolder.WritePrivate($"{server.Folder}.password", password!);
            })
            .IsHealthyWhile(token => Query(server, "SELECT 1", token));
        return new Postgres(added, server.PrimaryEndpoint, added.AddDatabase);
    }

    private static IResourceBuilder<LocalPostgresDatabase> AddDatabase(this IResourceBuilder<LocalPostgres> server, string name)
    {
        var database = new LocalPostgresDatabase(name, server.Resource);
        server.OnResourceReady(async (_, ready, token) =>
        {
            if (await Query(server.Resource, $"SELECT 1 FROM pg_database WHERE datname = '{name}'", token) is null)
                await Query(server.Resource, $"CREATE DATABASE \"{name}\"", token);
            await PublishState(KnownResourceStates.Running, ready.Services);
        });
        server.OnResourceStopped((_, stopped, _) => PublishState(KnownResourceStates.Finished, stopped.Services));

        // Aspire itself passes on the state of containers only to what is in them.
        Task PublishState(string state, IServiceProvider services) =>
            services.GetRequiredService<ResourceNotificationService>().PublishUpdateAsync(database, last => last with { State = state });

        return server.ApplicationBuilder.AddResource(database).IsHealthyWhile(token => Query(database, "SELECT 1", token));
    }

    private static async Task<object?> Query(IResourceWithConnectionString server, string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection($"{await server.GetConnectionStringAsync(cancellationToken)};Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }

    /// <summary>Data of one major version can't be read by another: stay with the one that made it.</summary>
    private static string Programs(string folder)
    {
        var made = Path.Combine(folder, "PG_VERSION");
        var version = File.Exists(made) ? File.ReadAllText(made).Trim() : null;
        return Installed().FirstOrDefault(x => version is null || Path.GetFileName(x) == version) is { } program
            ? Path.Combine(program, "bin")
            : throw new DistributedApplicationException(
                $"The data in {folder} was made by PostgreSQL {version}, which is not installed. Install it, or start with --fresh.");
    }

    /// <summary>The folders of the installed versions, the newest first.</summary>
    private static List<string> Installed() => !Directory.Exists(Installations) ? [] :
    [
        .. Directory.GetDirectories(Installations).Where(x => File.Exists(Path.Combine(x, "bin", "postgres")))
            .OrderByDescending(x => int.TryParse(Path.GetFileName(x), out var major) ? major : 0),
    ];
}
