using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace OrderSample.AppHost.Switching;

/// <summary>How a resource is.</summary>
/// <param name="Name">The resource.</param>
/// <param name="State">Of several replicas, that of those which do not run.</param>
/// <param name="Running">Replicas that run.</param>
/// <param name="Replicas">Replicas that there are.</param>
/// <param name="Since">Since when, UTC; null before anything is known.</param>
/// <param name="ExitCode">What its process ended with; null while it runs, or when nobody knows.</param>
/// <param name="StoppedBy">The operator who had it stopped in the console; null when nobody did.</param>
internal sealed record ResourceStatus(string Name, ProcessState State, int Running, int Replicas, DateTimeOffset? Since, int? ExitCode, string? StoppedBy);

/// <summary>Knows the states of all replicas.</summary>
internal sealed class ResourceStates(ResourceNotificationService notifications, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LongestNotice = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<string, Replica> _replicas = new();
    private readonly ConcurrentDictionary<IResource, string> _stoppedBy = new();

    public ResourceStatus Of(IResource resource)
    {
        var replicas = _replicas.Values.Where(x => x.Resource == resource).Select(x => x.State).ToList();
        var shown = ReplicaState.ToShow(replicas);
        var by = shown is { State: ProcessState.Stopping or ProcessState.Stopped } ? _stoppedBy.GetValueOrDefault(resource) : null;
        return new ResourceStatus(resource.Name, shown?.State ?? ProcessState.Starting, replicas.Count(IsUp), replicas.Count, shown?.Since, shown?.ExitCode, by);
    }

    /// <summary>Takes note of who has a resource stopped; null when it was not stopped after all.</summary>
    public void IsStoppedBy(IResource resource, string? operatorName)
    {
        if (operatorName is null)
            _stoppedBy.TryRemove(resource, out _);
        else
            _stoppedBy[resource] = operatorName;
    }

    /// <summary>The process ids of a resource's replicas that run as processes of this machine.</summary>
    public IReadOnlyList<int> ProcessesOf(IResource resource) =>
        [.. _replicas.Values.Where(x => x.Resource == resource && IsUp(x.State) && x.Process is not null).Select(x => int.Parse(x.Process!, CultureInfo.InvariantCulture))];

    /// <summary>The id of the container that a resource is; null for one that is none.</summary>
    public string? ContainerOf(IResource resource) => _replicas.Values.FirstOrDefault(x => x.Resource == resource && IsUp(x.State))?.Container;

    /// <summary>
    /// The ids of a resource's replicas that have ended, as Aspire has them. Aspire says that a killed process has ended a moment after it has; that moment is
    /// waited for, as whoever starts what has ended would start nothing in it.
    /// </summary>
    public async Task<IReadOnlyList<string>> EndedOf(IResource resource)
    {
        await IsSoon(() => ProcessesOf(resource).All(IsThere), LongestNotice);
        return [.. _replicas.Where(x => x.Value.Resource == resource && x.Value.State.HasEnded).Select(x => x.Key)];
    }

    /// <summary>Whether all replicas end within a time.</summary>
    public Task<bool> Ends(IResource resource, TimeSpan within) =>
        IsSoon(() => _replicas.Values.Where(x => x.Resource == resource).All(x => x.State.HasEnded), within);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
                Note(change);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    private async Task<bool> IsSoon(Func<bool> condition, TimeSpan within)
    {
        using var timer = new PeriodicTimer(Interval, time);
        for (var begin = time.GetTimestamp(); time.GetElapsedTime(begin) < within; await timer.WaitForNextTickAsync())
        {
            if (condition())
                return true;
        }

        return false;
    }

    private void Note(ResourceEvent change)
    {
        var before = _replicas.TryGetValue(change.ResourceId, out var known) ? known.State : null;
        var state = ReplicaState.After(before, change.Snapshot.State?.Text, change.Snapshot.HealthStatus, change.Snapshot.ExitCode, time.GetUtcNow());
        _replicas[change.ResourceId] = new Replica(change.Resource, state, Property(change, "executable.pid"), Property(change, "container.id"));
        // Started again, by whomever: the next end is another one.
        if (before?.HasEnded == true && !state.HasEnded)
            _stoppedBy.TryRemove(change.Resource, out _);
    }

    private static string? Property(ResourceEvent change, string name) =>
        change.Snapshot.Properties.FirstOrDefault(x => x.Name == name)?.Value is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    private static bool IsThere(int process)
    {
        try
        {
            using var found = Process.GetProcessById(process);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsUp(ReplicaState replica) => replica.State is ProcessState.Starting or ProcessState.Running or ProcessState.NotReady or ProcessState.Stopping;

    private sealed record Replica(IResource Resource, ReplicaState State, string? Process, string? Container);
}
