using System.Globalization;
using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Adds PostgreSQL: here the machine's own installation, run with data, port and password of its own.</summary>
public static class PostgresBuilderExtensions
{
    private const string Installations = "/usr/lib/postgresql";

    /// <summary>Adds a server, healthy once it answers a query.</summary>
    /// <param name="builder">The application.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="userName">The superuser; postgres when absent.</param>
    /// <param name="password">The password; a generated one when absent.</param>
    /// <param name="port">The port; a free one when absent.</param>
    public static IResourceBuilder<PostgresServerResource> AddPostgres(this IDistributedApplicationBuilder builder, [ResourceName] string name,
        IResourceBuilder<ParameterResource>? userName = null, IResourceBuilder<ParameterResource>? password = null, int? port = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var server = new PostgresServerResource(name, userName?.Resource, password?.Resource ?? LocalServerAnnotation.PasswordOf(builder, name));
        EndpointRules.Add(server, new EndpointAnnotation(ProtocolType.Tcp, "tcp", name: PostgresServerResource.PrimaryEndpointName, port: port, isProxied: false));
        server.Annotations.Add(new LocalServerAnnotation((folder, token) => Prepare(server, folder, token)));
        builder.AddServerCheck(server, token => ServerChecks.Postgres(server, token));
        return builder.AddResource(server);
    }

    /// <summary>Adds a database, created when the server is healthy.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="databaseName">The database's name; the resource's when absent.</param>
    public static IResourceBuilder<PostgresDatabaseResource> AddDatabase(this IResourceBuilder<PostgresServerResource> builder, [ResourceName] string name, string? databaseName = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var database = new PostgresDatabaseResource(name, databaseName ?? name, builder.Resource);
        builder.ApplicationBuilder.AddServerCheck(database, token => ServerChecks.Postgres(database, token));
        return builder.ApplicationBuilder.AddResource(database);
    }

    /// <summary>Keeps the data from one run of the application to the next.</summary>
    /// <param name="builder">The server.</param>
    /// <param name="name">Of Aspire's signature; the folder is named after the resource.</param>
    /// <param name="isReadOnly">Of Aspire's signature; not used.</param>
    public static IResourceBuilder<PostgresServerResource> WithDataVolume(this IResourceBuilder<PostgresServerResource> builder, string? name = null, bool isReadOnly = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Resource.Annotations.OfType<LocalServerAnnotation>().Single().KeepData = true;
        return builder;
    }

    private static async Task<ProgramToStart> Prepare(PostgresServerResource server, string folder, CancellationToken cancellationToken)
    {
        // Data of one major version can't be read by another: stay with the one that made it.
        var made = Path.Combine(folder, "PG_VERSION");
        var version = File.Exists(made) ? (await File.ReadAllTextAsync(made, cancellationToken)).Trim() : null;
        var programs = Directory.Exists(Installations)
            ? Directory.GetDirectories(Installations).Select(x => Path.Combine(x, "bin")).Where(x => File.Exists(Path.Combine(x, "postgres")))
                .OrderByDescending(x => int.TryParse(Path.GetFileName(Path.GetDirectoryName(x)), out var major) ? major : 0).ToList()
            : [];
        var program = version is null ? programs.FirstOrDefault() : programs.FirstOrDefault(x => Path.GetFileName(Path.GetDirectoryName(x)) == version);
        if (program is null)
        {
            throw new DistributedApplicationException(version is null
                ? $"PostgreSQL is not installed: there is none below {Installations}. Install Debian's package postgresql; ./run.sh does."
                : $"The data in {folder} was made by PostgreSQL {version}, which is not installed. Install it, or start with --fresh.");
        }

        // Asked for by the first start, which takes it from the file beside the data.
        var password = await server.PasswordParameter.GetValueAsync(cancellationToken);
        if (version is null && !File.Exists($"{folder}.password"))
            Orchestration.DataFolders.WritePrivate($"{folder}.password", password!);

        return new("/bin/sh", [LocalServerAnnotation.Script("run-postgres.sh"), program, folder,
            server.PrimaryEndpoint.Port.ToString(CultureInfo.InvariantCulture)], "/");
    }
}
