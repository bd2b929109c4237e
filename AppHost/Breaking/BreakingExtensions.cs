using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.AppHost.Starting;
using OrderSample.AppHost.Switching;
using OrderSample.Servers;

namespace OrderSample.AppHost.Breaking;

/// <summary>Lets the console run experiments, which break the system on purpose and put it back.</summary>
internal static class BreakingExtensions
{
    /// <summary>What opens the app host to whoever may read the data folder, and so may do everything anyway: <c>./run.sh lab</c>.</summary>
    public const string KeyFile = "app-host.key";

    /// <summary>Only where the services have their chaos switch: in a demo or a test.</summary>
    /// <param name="console">The console; it may stop and start the resources already.</param>
    /// <param name="resources">What is put back.</param>
    public static IResourceBuilder<ProjectResource> RunsExperiments(this IResourceBuilder<ProjectResource> console, params IResourceBuilder<IResource>[] resources)
    {
        var builder = console.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode || !builder.Configuration.GetValue("Chaos:Enabled", defaultValue: true))
            return console;

        IReadOnlyList<IResource> all = [.. resources.Select(x => x.Resource)];
        var services = builder.Services;
        services.AddSingleton<LabRuns>();
        services.AddSingleton<ResourceLog>();
        services.AddSingleton(provider => new Mending(all, provider.GetRequiredService<ResourceCommandService>(), provider.GetRequiredService<ResourceStates>()));
        services.AddHostedService<LabWatch>();
        services.AddSingleton<ISwitchEndpoints>(provider => ActivatorUtilities.CreateInstance<LabEndpoints>(provider, all));
        builder.KeepSecret(KeyFile, console.Resource.Annotations.OfType<SwitchAccess>().Single().Key);
        return console.WithEnvironment("AppHost__RunsExperiments", "true");
    }
}
