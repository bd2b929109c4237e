using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dcp;
using Aspire.Hosting.Health;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Testing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting;

/// <summary>Collects the resources and the host's services.</summary>
internal sealed class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private readonly HostApplicationBuilder _host;
    private readonly DistributedApplicationOptions _options;
    private readonly EntryPointRun? _test = EntryPointRun.Current;

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        _options = options;
        _test?.OnBuilderCreating(options);
        AppHostAssembly = _test?.Assembly ?? Assembly.GetEntryAssembly();
        AppHostDirectory = options.ProjectDirectory ?? MetadataOf(AppHostAssembly, "apphostprojectpath") ?? Directory.GetCurrentDirectory();
        _host = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = options.Args,
            ContentRootPath = AppHostDirectory,
            ApplicationName = AppHostAssembly?.GetName().Name,
        });
        _host.Logging.SetMinimumLevel(LogLevel.Warning);

        // That a server is not up yet is no error; its state says so.
        _host.Logging.AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None);

        // The services read the host's lifetime messages; a person reads the start-up table.
        _host.Services.Configure<ConsoleLifetimeOptions>(x => x.SuppressStatusMessages = true);
        _host.Services.Configure<HostOptions>(x => x.ShutdownTimeout = TimeSpan.FromSeconds(30));
        AddServices(_host.Services);
        _test?.OnBuilderCreated(this);
    }

    public ConfigurationManager Configuration => _host.Configuration;

    public string AppHostDirectory { get; }

    public Assembly? AppHostAssembly { get; }

    public IHostEnvironment Environment => _host.Environment;

    public IServiceCollection Services => _host.Services;

    public DistributedApplicationExecutionContext ExecutionContext { get; } = new();

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (Resources.Any(x => string.Equals(x.Name, resource.Name, StringComparison.OrdinalIgnoreCase)))
            throw new DistributedApplicationException($"There is a resource '{resource.Name}' already. Give this one a name of its own.");
        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource =>
        new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        _test?.OnBuilding();
        foreach (var resource in Resources)
            EndpointRules.Validate(resource);
        var host = _host.Build();
        var dashboard = host.Services.GetRequiredService<DashboardSettings>();
        if (dashboard.IsEnabled)
            AddResource(new DashboardResource(dashboard));
        var app = new DistributedApplication(host, _test);
        _test?.OnBuilt(app);
        return app;
    }

    private static string? MetadataOf(Assembly? assembly, string key) =>
        assembly?.GetCustomAttributes<AssemblyMetadataAttribute>().FirstOrDefault(x => x.Key == key)?.Value;

    private void AddServices(IServiceCollection services)
    {
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(_options);
        services.AddSingleton(ExecutionContext);
        services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        services.AddSingleton<ResourceNotificationService>();
        services.AddSingleton<ResourceLoggerService>();
        services.AddSingleton<ResourceCommandService>();
        services.AddSingleton(new DataFolders(Configuration, AppHostDirectory, isTest: _test is not null));
        services.AddSingleton<DcpEngine>();
        services.AddSingleton<DashboardSettings>();
        services.AddSingleton<ResourceStarter>();
        services.AddSingleton<EndpointAllocator>();
        services.AddSingleton<ExecutableWatcher>();
        services.AddSingleton<Orchestrator>();
        services.AddSingleton<ResourceQuestions>();

        // Before what starts the dashboard, which asks it.
        services.AddHostedService<ResourceService>();
        services.AddHostedService(provider => provider.GetRequiredService<Orchestrator>());
        services.AddHostedService<ResourceHealthMonitor>();
        services.AddHealthChecks();
        services.AddHttpClient();
    }
}
