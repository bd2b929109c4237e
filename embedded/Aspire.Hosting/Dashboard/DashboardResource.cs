using System.Net.Sockets;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Dashboard;

/// <summary>Aspire's own dashboard, run beside the application's resources.</summary>
internal sealed class DashboardResource : ExecutableResource
{
    public const string ResourceName = "aspire-dashboard";

    public DashboardResource(DashboardSettings settings)
        : base(ResourceName, settings.FindExecutable(), Path.GetDirectoryName(settings.FindExecutable())!)
    {
        Annotations.Add(new EndpointAnnotation(ProtocolType.Tcp, "http", port: settings.Port, targetPort: settings.Port, isProxied: false));
        Annotations.Add(new CommandLineArgsCallbackAnnotation(context =>
        {
            context.Args.Add("dashboard");
            return Task.CompletedTask;
        }));
        Annotations.Add(new EnvironmentCallbackAnnotation(context =>
        {
            foreach (var (name, value) in settings.Environment())
                context.EnvironmentVariables[name] = value;
            return Task.CompletedTask;
        }));
        Annotations.Add(new ResourceUrlAnnotation { Url = settings.LoginUrl, DisplayText = "Dashboard (login)" });
    }
}
