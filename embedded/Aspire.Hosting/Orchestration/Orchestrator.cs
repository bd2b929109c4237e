using System.Security.Cryptography;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Starts every resource when what it waits for is ready, follows their states, and stops them in the reverse order.</summary>
internal sealed partial class Orchestrator(
    DistributedApplicationModel model,
    DcpEngine engine,
    ResourceStarter starter,
    EndpointAllocator endpoints,
    ExecutableWatcher watcher,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    ILogger<Orchestrator> logger) : IHostedService, IDisposable
{
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(7);

    private readonly CancellationTokenSource _stopping = new();
    private readonly CancellationTokenSource _stopped = new();
    private readonly List<ResourceInstance> _instances = [];
    private readonly List<Task> _startups = [];
    private Task _watching = Task.CompletedTask;
    private bool _isStopped;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await engine.Start(cancellationToken);
        foreach (var resource in model.Resources)
            CreateInstances(resource);
        _watching = watcher.Run(_instances, _stopped.Token);
        foreach (var resource in model.Resources)
            _startups.Add(BringUp(resource, _stopping.Token));
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        // Asked for once when the application stops and once more when it is disposed.
        if (Interlocked.Exchange(ref _isStopped, true))
            return;
        await _stopping.CancelAsync();
        await Task.WhenAll(_startups);
        if (!engine.IsStarted)
            return;

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StopTimeout);
        try
        {
            // What others wait for is stopped after them: a service finishes its work with its broker and database still there.
            await Task.WhenAll(_instances.Where(x => x.Resource is ProjectResource).Select(x => StopProcess(x, timeout.Token)));
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or DistributedApplicationException)
        {
            logger.LogWarning("Not every service stopped within {Timeout} s ({Error}); the engine ends them", StopTimeout.TotalSeconds, exception.Message);
        }

        // Only now: the states that were waited for come from there.
        await _stopped.CancelAsync();
        await _watching;
        await engine.Client.Shutdown(cancellationToken);
    }

    public void Dispose()
    {
        _stopping.Dispose();
        _stopped.Dispose();
    }

    public IReadOnlyList<ResourceInstance> InstancesOf(IResource resource) => [.. _instances.Where(x => x.Resource == resource)];

    private string? StateOf(ResourceInstance instance) =>
        notifications.TryGetCurrentState(instance.Id, out var state) ? state.Snapshot.State?.Text : null;

    private async Task StopProcess(ResourceInstance instance, CancellationToken cancellationToken)
    {
        if (StateOf(instance) is not { } state || (state != KnownResourceStates.Running && state != KnownResourceStates.Stopping))
            return;
        await engine.Client.StopExecutable(instance.Id, cancellationToken);
        await notifications.WaitForResourceAsync(instance.Resource.Name, x => x.ResourceId == instance.Id
            && x.Snapshot.State is { } now && KnownResourceStates.TerminalStates.Contains(now.Text), cancellationToken);
    }

    private void CreateInstances(IResource resource)
    {
        if (resource is not (ProjectResource or ExecutableResource or ContainerResource))
            return;
        var instances = Enumerable.Range(0, resource.GetReplicaCount())
            .Select(_ => new ResourceInstance(resource, $"{resource.Name}-{RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz", 8)}")).ToList();
        resource.Annotations.Add(new DcpInstancesAnnotation([.. instances.Select(x => x.Id)]));
        _instances.AddRange(instances);
    }

    /// <summary>Takes one resource from nothing to running; ends with its failure noted, never with an exception.</summary>
    private async Task BringUp(IResource resource, CancellationToken cancellationToken)
    {
        try
        {
            await SetState(resource, KnownResourceStates.Waiting);
            if (resource is IResourceWithEndpoints withEndpoints)
                await endpoints.Allocate(withEndpoints, cancellationToken);
            await notifications.WaitForDependenciesAsync(resource, cancellationToken);
            if (resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
            {
                await SetState(resource, KnownResourceStates.NotStarted);
                return;
            }

            await SetState(resource, KnownResourceStates.Starting);
            if (resource is ICreatedResource created)
                await created.Create(notifications, cancellationToken);
            await Task.WhenAll(InstancesOf(resource).Select(x => starter.Start(x, cancellationToken)));
            if (InstancesOf(resource).Count == 0)
                await SetRunning(resource);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The application is being stopped.
        }
        catch (Exception exception)
        {
            logs.Write(resource, exception.Message, isError: true);
            await SetState(resource, new ResourceStateSnapshot(KnownResourceStates.FailedToStart, "error"));
        }
    }

    /// <summary>Parameters, databases and connection strings have no process: they run as soon as they are there.</summary>
    private Task SetRunning(IResource resource) => notifications.PublishUpdateAsync(resource, x => x with
    {
        State = KnownResourceStates.Running,
        HealthStatus = resource.HasAnnotationOfType<HealthCheckAnnotation>() ? HealthStatus.Unhealthy : HealthStatus.Healthy,
    });

    private async Task SetState(IResource resource, ResourceStateSnapshot? state)
    {
        foreach (var id in resource.GetResourceIds())
            await notifications.PublishUpdateAsync(resource, id, x => x with { State = state, HealthStatus = null, HealthReports = [] });
    }

    private Task SetState(ResourceInstance instance, ResourceStateSnapshot? state) =>
        notifications.PublishUpdateAsync(instance.Resource, instance.Id, x => x with { State = state, HealthStatus = null, HealthReports = [], ExitCode = null });
}
