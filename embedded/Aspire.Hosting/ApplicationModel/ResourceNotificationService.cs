using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Knows the state of every resource, and tells who waits for one.</summary>
/// <param name="time">The clock.</param>
public class ResourceNotificationService(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, ResourceEvent> _states = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];

    /// <summary>The state of one replica.</summary>
    public bool TryGetCurrentState(string resourceId, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_lock)
            return _states.TryGetValue(resourceId, out resourceEvent);
    }

    /// <summary>All states now, then every change.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        var changes = Channel.CreateUnbounded<ResourceEvent>();
        lock (_lock)
        {
            foreach (var state in _states.Values)
                changes.Writer.TryWrite(state);
            _watchers.Add(changes);
        }

        try
        {
            await foreach (var change in changes.Reader.ReadAllAsync(cancellationToken))
                yield return change;
        }
        finally
        {
            lock (_lock)
                _watchers.Remove(changes);
        }
    }

    /// <summary>Waits until a replica of a resource is as wanted.</summary>
    public async Task<ResourceEvent> WaitForResourceAsync(string resourceName, Func<ResourceEvent, bool> predicate, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(predicate);
        await foreach (var change in WatchAsync(cancellationToken))
        {
            if (string.Equals(change.Resource.Name, resourceName, StringComparison.OrdinalIgnoreCase) && predicate(change))
                return change;
        }

        throw new OperationCanceledException($"The host ended while '{resourceName}' was waited for.");
    }

    /// <summary>Waits until a replica of a resource is in one of some states.</summary>
    /// <returns>The state it is in.</returns>
    public async Task<string> WaitForResourceAsync(string resourceName, IEnumerable<string> targetStates, CancellationToken cancellationToken = default)
    {
        var targets = targetStates.ToHashSet(StringComparer.OrdinalIgnoreCase);
        var found = await WaitForResourceAsync(resourceName, x => x.Snapshot.State is { } state && targets.Contains(state.Text), cancellationToken);
        return found.Snapshot.State!.Text;
    }

    /// <summary>Waits until a replica of a resource is in a state.</summary>
    /// <param name="resourceName">The resource.</param>
    /// <param name="targetState">The state; Running when absent.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public Task WaitForResourceAsync(string resourceName, string? targetState = null, CancellationToken cancellationToken = default) =>
        WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    /// <summary>Waits until all replicas of a resource are healthy.</summary>
    /// <exception cref="DistributedApplicationException">It has ended or failed instead.</exception>
    public Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, CancellationToken cancellationToken = default) =>
        WaitForResourceHealthyAsync(resourceName, WaitBehavior.StopOnResourceUnavailable, cancellationToken);

    /// <summary>Waits until all replicas of a resource are healthy.</summary>
    /// <exception cref="DistributedApplicationException">It has ended or failed instead, and <paramref name="waitBehavior"/> says to give up then.</exception>
    public async Task<ResourceEvent> WaitForResourceHealthyAsync(string resourceName, WaitBehavior waitBehavior, CancellationToken cancellationToken = default)
    {
        var found = await WaitForResourceAsync(resourceName,
            x => AllHealthy(x.Resource) || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && HasEnded(x)), cancellationToken);
        if (HasEnded(found))
            throw new DistributedApplicationException($"Resource '{resourceName}' is {Describe(found.Snapshot)} instead of healthy.");
        return found;
    }

    /// <summary>Waits for what a resource said to wait for before it starts.</summary>
    /// <exception cref="DistributedApplicationException">Something it waits for has failed.</exception>
    public async Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(resource);
        await Task.WhenAll(resource.Annotations.OfType<WaitAnnotation>().Select(wait => wait.WaitType switch
        {
            WaitType.WaitUntilHealthy => WaitForResourceHealthyAsync(wait.Resource.Name, wait.WaitBehavior ?? WaitBehavior.StopOnResourceUnavailable, cancellationToken),
            WaitType.WaitForCompletion => WaitForCompletionAsync(wait, cancellationToken),
            _ => WaitForResourceAsync(wait.Resource.Name, KnownResourceStates.Running, cancellationToken),
        }));
    }

    /// <summary>Sets the state of a resource that has only one instance.</summary>
    public Task PublishUpdateAsync(IResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return PublishUpdateAsync(resource, resource.Name, stateFactory);
    }

    /// <summary>Sets the state of one replica of a resource.</summary>
    public Task PublishUpdateAsync(IResource resource, string resourceId, Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory)
    {
        ArgumentNullException.ThrowIfNull(resource);
        ArgumentNullException.ThrowIfNull(stateFactory);
        lock (_lock)
        {
            var before = _states.TryGetValue(resourceId, out var known)
                ? known.Snapshot
                : new CustomResourceSnapshot { ResourceType = TypeOf(resource), Properties = [], CreationTimeStamp = time.GetUtcNow().UtcDateTime };
            var change = new ResourceEvent(resource, resourceId, stateFactory(before));
            _states[resourceId] = change;
            foreach (var watcher in _watchers)
                watcher.Writer.TryWrite(change);
        }

        return Task.CompletedTask;
    }

    internal static string Describe(CustomResourceSnapshot snapshot) =>
        snapshot.ExitCode is { } code ? $"{snapshot.State?.Text} (exit code {code})" : snapshot.State?.Text ?? "unknown";

    private static bool HasEnded(ResourceEvent resourceEvent) =>
        resourceEvent.Snapshot.State is { } state && KnownResourceStates.TerminalStates.Contains(state.Text);

    private static string TypeOf(IResource resource) => resource switch
    {
        ProjectResource => "Project",
        ExecutableResource => "Executable",
        ParameterResource => "Parameter",
        ContainerResource => "Container",
        _ => resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal),
    };

    private bool AllHealthy(IResource resource)
    {
        lock (_lock)
        {
            return resource.GetResourceIds().All(id =>
                _states.TryGetValue(id, out var state) && state.Snapshot.HealthStatus == HealthStatus.Healthy);
        }
    }

    private async Task<ResourceEvent> WaitForCompletionAsync(WaitAnnotation wait, CancellationToken cancellationToken)
    {
        var ended = await WaitForResourceAsync(wait.Resource.Name, HasEnded, cancellationToken);
        if (ended.Snapshot.ExitCode != wait.ExitCode)
            throw new DistributedApplicationException($"Resource '{wait.Resource.Name}' is {Describe(ended.Snapshot)} instead of finished with exit code {wait.ExitCode}.");
        return ended;
    }
}
