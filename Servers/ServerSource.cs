using System.Runtime.Versioning;
using Aspire.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Servers.Containers;
using OrderSample.Servers.Local;

namespace OrderSample.Servers;

/// <summary>Where broker and database come from.</summary>
public enum ServerSource
{
    /// <summary>Processes: the servers that are installed on this machine.</summary>
    Local,

    /// <summary>Containers of Docker or Podman.</summary>
    Containers,
}

/// <summary>Chooses where servers come from.</summary>
public static class ServerSourceExtensions
{
    /// <summary>The setting that says it: <c>auto</c>, <c>local</c> or <c>containers</c>.</summary>
    public const string Setting = "Servers";

    /// <summary>
    /// Where this application's servers come from. Without a setting, or with <c>auto</c>: from this machine where both
    /// servers are installed, else from containers where a runtime answers. It is decided once for each application.
    /// </summary>
    /// <exception cref="DistributedApplicationException">The setting is none of the three, or what it asks for is not here. The message says the way out.</exception>
    public static ServerSource GetServerSource(this IDistributedApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (builder.Services.SingleOrDefault(x => x.ServiceType == typeof(Choice))?.ImplementationInstance is Choice made)
            return made.Source;
        var source = Choose(builder);
        builder.Services.AddSingleton(new Choice(source));
        return source;
    }

    /// <summary>A folder for something else that lives as long as the servers' data.</summary>
    public static string FolderFor(this IDistributedApplicationBuilder builder, string name) => DataFolder.Of(builder).For(name);

    /// <summary>The folder of all that, with the servers' passwords.</summary>
    public static string FolderOfData(this IDistributedApplicationBuilder builder) => DataFolder.Of(builder).Path;

    /// <summary>Keeps a text in a file of that folder that only its owner can read.</summary>
    public static void KeepSecret(this IDistributedApplicationBuilder builder, string file, string text) =>
        DataFolder.WritePrivate(Path.Combine(builder.FolderOfData(), file), text);

    /// <summary>Whether servers are processes of this machine, which only Linux can have.</summary>
    [SupportedOSPlatformGuard("linux")]
    internal static bool RunsLocalServers(this IDistributedApplicationBuilder builder) => builder.GetServerSource() == ServerSource.Local && OperatingSystem.IsLinux();

    private static ServerSource Choose(IDistributedApplicationBuilder builder)
    {
        // To publish is to write down what is deployed; nothing is started for it.
        if (builder.ExecutionContext.IsPublishMode)
            return ServerSource.Containers;
        var setting = builder.Configuration[Setting];
        return setting?.ToUpperInvariant() switch
        {
            null or "" or "AUTO" => MissingLocally() is not { Count: > 0 } missing ? ServerSource.Local
                : UseRuntime(builder) ? ServerSource.Containers
                : throw new DistributedApplicationException($"{Without(missing)}, and no container runtime answers. {Install(missing)}or start Docker or Podman."),
            "LOCAL" => MissingLocally() is not { Count: > 0 } missing ? ServerSource.Local
                : throw new DistributedApplicationException($"{Without(missing)}. {Install(missing)}or leave --local out and start Docker or Podman."),
            "CONTAINERS" => UseRuntime(builder) ? ServerSource.Containers
                : throw new DistributedApplicationException(
                    $"No container runtime answers: {Asked(builder)} does not succeed. {Install(["RabbitMQ", "PostgreSQL"])}or start Docker or Podman."),
            _ => throw new DistributedApplicationException($"--{Setting} takes auto, local or containers, not '{setting}'."),
        };
    }

    private static List<string> MissingLocally()
    {
        var missing = new List<string>();
        if (!OperatingSystem.IsLinux() || !LocalRabbitMQExtensions.IsInstalled)
            missing.Add("RabbitMQ");
        if (!OperatingSystem.IsLinux() || !LocalPostgresExtensions.IsInstalled)
            missing.Add("PostgreSQL");
        return missing;
    }

    private static string Without(List<string> missing) => $"There is no {string.Join(" and no ", missing)} of Debian's or Ubuntu's packages on this machine";

    private static string Asked(IDistributedApplicationBuilder builder) =>
        builder.Configuration["ASPIRE_CONTAINER_RUNTIME"] is { } named ? $"'{named} info'" : "'docker info' as well as 'podman info'";

    /// <summary>One of the ways out, where it is one.</summary>
    private static string Install(List<string> missing) =>
        OperatingSystem.IsLinux() ? $"Install {string.Join(" and ", missing)} (./run.sh does on Debian and Ubuntu), " : "Local servers run on Linux only: take them there, ";

    private static bool UseRuntime(IDistributedApplicationBuilder builder)
    {
        if (ContainerRuntime.Find(builder.Configuration["ASPIRE_CONTAINER_RUNTIME"]) is not { } runtime)
            return false;
        builder.Configuration[ContainerRuntime.Setting] = runtime;
        return true;
    }

    private sealed record Choice(ServerSource Source);
}
