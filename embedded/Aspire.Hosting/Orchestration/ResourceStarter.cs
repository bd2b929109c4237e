using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Orchestration;

/// <summary>Says to the engine how a process is started: program, arguments, environment and ports, each resolved at this start.</summary>
internal sealed class ResourceStarter(
    DcpEngine engine, DistributedApplicationExecutionContext executionContext, DashboardSettings dashboard, DataFolders folders, ResourceLoggerService logs)
{
    public async Task Start(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var program = await Program(instance.Resource, cancellationToken);
        var variables = program.Environment.ToDictionary(x => x.Key, x => (object)x.Value);
        if (instance.Resource is ProjectResource project)
            AddProjectDefaults(project, instance, variables);

        var context = new EnvironmentCallbackContext(executionContext, instance.Resource, variables, cancellationToken) { Logger = logs.GetLogger(instance.Resource) };
        foreach (var annotation in instance.Resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);
        foreach (var endpoint in instance.Resource.Annotations.OfType<EndpointAnnotation>().Where(x => x.TargetPortVariable is not null))
            variables[endpoint.TargetPortVariable!] = TargetPort(endpoint);

        var arguments = new List<object>(program.Arguments);
        foreach (var annotation in instance.Resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>())
            await annotation.Callback(new CommandLineArgsCallbackContext(arguments, instance.Resource, cancellationToken));

        var executable = new DcpExecutable
        {
            ExecutablePath = program.Path,
            WorkingDirectory = program.WorkingDirectory,
            Args = await Task.WhenAll(arguments.Select(x => Resolve(x, cancellationToken))),
            Env = await Task.WhenAll(variables.Select(async x => new DcpVariable(x.Key, await Resolve(x.Value, cancellationToken)))),
        };
        await engine.Client.Create(DcpExecutable.Kind,
            new DcpObject<DcpExecutable>("Executable", new DcpMetadata(instance.Id, Annotations(instance)), executable), cancellationToken);
    }

    private static string TargetPort(EndpointAnnotation endpoint) =>
        endpoint.AllocatedEndpoint?.TargetPortExpression ?? endpoint.AllocatedEndpoint!.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<string> Resolve(object value, CancellationToken cancellationToken) => value switch
    {
        string text => text,
        IValueProvider provider => await provider.GetValueAsync(cancellationToken) ?? "",
        _ => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture) ?? "",
    };

    /// <summary>Tells the engine behind which forwarded ports the process listens.</summary>
    private static Dictionary<string, string> Annotations(ResourceInstance instance)
    {
        var annotations = new Dictionary<string, string> { ["resource-name"] = instance.Resource.Name };
        var produced = instance.Resource.Annotations.OfType<EndpointAnnotation>().Where(x => x.IsProxied)
            .Select(x => new DcpServiceProducer(EndpointAllocator.ServiceName(instance.Resource, x), x.TargetPort)).ToList();
        if (produced.Count > 0)
            annotations["service-producer"] = JsonSerializer.Serialize(produced);
        return annotations;
    }

    private async Task<ProgramToStart> Program(IResource resource, CancellationToken cancellationToken) => resource switch
    {
        // Built with the app host, and started as it is: a build at start would take longer than everything else.
        ProjectResource when resource.TryGetLastAnnotation<IProjectMetadata>(out var project) =>
            new("dotnet", ["exec", project.TargetPath], Path.GetDirectoryName(project.ProjectPath)!),
        ExecutableResource executable => new(executable.Command, [], executable.WorkingDirectory),
        _ when resource.TryGetLastAnnotation<LocalServerAnnotation>(out var server) =>
            await server.Prepare(folders.For(resource.Name, server.KeepData), cancellationToken),
        _ => throw new DistributedApplicationException($"Resource '{resource.Name}' can't be run here: only projects, executables, RabbitMQ and PostgreSQL can."),
    };

    private void AddProjectDefaults(ProjectResource project, ResourceInstance instance, Dictionary<string, object> variables)
    {
        var endpoints = project.Annotations.OfType<EndpointAnnotation>().Where(x => x.UriScheme is "http" or "https").ToList();
        if (endpoints.Count > 0)
            variables["ASPNETCORE_URLS"] = string.Join(';', endpoints.Select(x => $"{x.UriScheme}://{x.TargetHost}:{TargetPort(x)}"));
        variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        dashboard.AddTelemetry(project.Name, instance.Suffix, variables);
    }
}
