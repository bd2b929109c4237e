using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace OrderSample.AppHost.Switching;

/// <summary>Lets a service stop and start others, to show what happens then.</summary>
internal static class SwitchingExtensions
{
    /// <summary>Tells the service where the switch is, and the key to it.</summary>
    /// <param name="service">Who may switch.</param>
    /// <param name="resources">What it may stop and start.</param>
    public static IResourceBuilder<ProjectResource> MayStopAndStart(this IResourceBuilder<ProjectResource> service, params IResourceBuilder<IResource>[] resources)
    {
        if (service.ApplicationBuilder.ExecutionContext.IsPublishMode)
            return service;
        var access = new SwitchAccess();
        var services = service.ApplicationBuilder.Services;
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ResourceStates>();
        services.AddHostedService(provider => provider.GetRequiredService<ResourceStates>());
        services.AddHostedService(provider => new ServiceSwitch(access, [.. resources.Select(x => x.Resource)],
            provider.GetRequiredService<ResourceCommandService>(), provider.GetRequiredService<ResourceStates>(), provider.GetServices<ISwitchEndpoints>()));
        return service.WithAnnotation(access).WithEnvironment(context =>
        {
            context.EnvironmentVariables["AppHost__Url"] = access.Url!;
            context.EnvironmentVariables["AppHost__Key"] = access.Key;
        });
    }
}
