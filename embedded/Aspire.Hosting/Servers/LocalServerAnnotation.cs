using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is started for a resource.</summary>
internal sealed record ProgramToStart(string Path, IReadOnlyList<string> Arguments, string WorkingDirectory)
{
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();
}

/// <summary>Runs the local installation of a server that real Aspire runs in a container.</summary>
/// <param name="prepare">Given the server's data folder: makes it ready, and says what to start.</param>
internal sealed class LocalServerAnnotation(Func<string, CancellationToken, Task<ProgramToStart>> prepare) : IResourceAnnotation
{
    /// <summary>Whether the data survives this run of the application.</summary>
    public bool KeepData { get; set; }

    public Func<string, CancellationToken, Task<ProgramToStart>> Prepare { get; } = prepare;

    /// <summary>A script that comes with this assembly.</summary>
    public static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Servers", name);

    /// <summary>A generated password that is kept as long as the server's data; configuration <c>Parameters:{name}-password</c> overrides it.</summary>
    public static ParameterResource PasswordOf(IDistributedApplicationBuilder builder, string serverName) =>
        new($"{serverName}-password", _ =>
        {
            var server = builder.Resources.Single(x => x.Name == serverName).Annotations.OfType<LocalServerAnnotation>().Single();
            return builder.Configuration[$"Parameters:{serverName}-password"] ?? FoldersOf(builder).Password(serverName, server.KeepData);
        }, secret: true);

    public static DataFolders FoldersOf(IDistributedApplicationBuilder builder) =>
        (DataFolders)builder.Services.Single(x => x.ServiceType == typeof(DataFolders)).ImplementationInstance!;
}
