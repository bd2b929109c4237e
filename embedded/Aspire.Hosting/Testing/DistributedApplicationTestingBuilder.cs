using System.Reflection;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Testing;

/// <summary>Runs an app host in a test: on free ports, without the dashboard, and with data that goes with it.</summary>
public static class DistributedApplicationTestingBuilder
{
    /// <summary>Runs an app host's entry point up to where the application is described.</summary>
    /// <typeparam name="TEntryPoint">A type of the app host's assembly, such as Projects.AppHost.</typeparam>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(CancellationToken cancellationToken = default)
        where TEntryPoint : class =>
        CreateAsync<TEntryPoint>([], cancellationToken);

    /// <summary>Runs an app host's entry point up to where the application is described.</summary>
    /// <typeparam name="TEntryPoint">A type of the app host's assembly, such as Projects.AppHost.</typeparam>
    /// <param name="args">The entry point's arguments.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args, CancellationToken cancellationToken = default)
        where TEntryPoint : class =>
        CreateAsync<TEntryPoint>(args, (_, _) => { }, cancellationToken);

    /// <summary>Runs an app host's entry point up to where the application is described.</summary>
    /// <typeparam name="TEntryPoint">A type of the app host's assembly, such as Projects.AppHost.</typeparam>
    /// <param name="args">The entry point's arguments.</param>
    /// <param name="configureBuilder">Changes how it is run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<IDistributedApplicationTestingBuilder> CreateAsync<TEntryPoint>(string[] args,
        Action<DistributedApplicationOptions, HostApplicationBuilderSettings> configureBuilder, CancellationToken cancellationToken = default)
        where TEntryPoint : class
    {
        var run = new EntryPointRun(typeof(TEntryPoint).Assembly, options =>
        {
            options.DisableDashboard = true;
            configureBuilder(options, new HostApplicationBuilderSettings());

            // Arguments, so that they are there as soon as the entry point reads configuration.
            options.Args = [.. options.Args ?? [], "--DcpPublisher:RandomizePorts=true"];
        });
        return new TestingBuilder(await run.Describe(args).WaitAsync(cancellationToken), run);
    }

    private sealed class TestingBuilder(DistributedApplicationBuilder inner, EntryPointRun run) : IDistributedApplicationTestingBuilder
    {
        public ConfigurationManager Configuration => inner.Configuration;

        public string AppHostDirectory => inner.AppHostDirectory;

        public Assembly? AppHostAssembly => inner.AppHostAssembly;

        public IHostEnvironment Environment => inner.Environment;

        public IServiceCollection Services => inner.Services;

        public DistributedApplicationExecutionContext ExecutionContext => inner.ExecutionContext;

        public IResourceCollection Resources => inner.Resources;

        public IResourceBuilder<T> AddResource<T>(T resource)
            where T : IResource =>
            inner.AddResource(resource);

        public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
            where T : IResource =>
            inner.CreateResourceBuilder(resource);

        public DistributedApplication Build() => BuildAsync().GetAwaiter().GetResult();

        public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default) => run.Build().WaitAsync(cancellationToken);

        public void Dispose() => run.End();

        public ValueTask DisposeAsync()
        {
            run.End();
            return ValueTask.CompletedTask;
        }
    }
}

/// <summary>An application described by an app host, for a test to change, build and start.</summary>
public interface IDistributedApplicationTestingBuilder : IDistributedApplicationBuilder, IAsyncDisposable, IDisposable
{
    /// <summary>The application, ready to start.</summary>
    Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken = default);
}
