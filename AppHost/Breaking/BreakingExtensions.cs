using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.AppHost.Breaking.Faults;
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
    /// <param name="broker">The broker that they break.</param>
    /// <param name="services">The services that they break.</param>
    public static IResourceBuilder<ProjectResource> RunsExperiments(this IResourceBuilder<ProjectResource> console, Broker broker, params IResourceBuilder<ProjectResource>[] services)
    {
        var builder = console.ApplicationBuilder;
        if (builder.ExecutionContext.IsPublishMode || !builder.Configuration.GetValue("Chaos:Enabled", defaultValue: true))
            return console;

        var own = builder.Services;
        own.AddSingleton(new ExperimentedOn([.. services.Select(x => x.Resource)], [.. broker.Nodes.Select(x => x.Amqp.Resource)]));
        own.AddSingleton<LabRuns>().AddSingleton<ResourceLog>().AddSingleton<Mending>().AddSingleton<Breaks>().AddSingleton<HostedProcesses>().AddSingleton<BrokerAdministration>();
        own.AddSingleton<IFault, MemoryAlarm>().AddSingleton<IFault, FullQueue>().AddSingleton<IFault, MissingBinding>().AddSingleton<IFault, OtherSettings>()
            .AddSingleton<IFault, KilledProcess>().AddSingleton<IFault, FrozenProcess>().AddSingleton<IFault, EditedRow>();
        own.AddSingleton<ISwitchEndpoints, LabEndpoints>().AddSingleton<ISwitchEndpoints, BreakEndpoints>().AddHostedService<LabWatch>();
        var overrides = new SettingsOverrides();
        own.AddSingleton(overrides);
        foreach (var service in services)
            service.WithEnvironment(context => overrides.ApplyTo(service.Resource.Name, context.EnvironmentVariables));
        builder.KeepSecret(KeyFile, console.Resource.Annotations.OfType<SwitchAccess>().Single().Key);
        return console.WithEnvironment("AppHost__RunsExperiments", "true");
    }
}
