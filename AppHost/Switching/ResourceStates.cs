using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;

namespace OrderSample.AppHost.Switching;

/// <summary>How a resource is.</summary>
/// <param name="Name">The resource.</param>
/// <param name="State">What Aspire calls it; of several replicas, that of those which do not run.</param>
/// <param name="Running">Replicas that run.</param>
/// <param name="Replicas">Replicas that there are.</param>
internal sealed record ResourceStatus(string Name, string State, int Running, int Replicas);

/// <summary>Knows the states of all replicas.</summary>
internal sealed class ResourceStates(ResourceNotificationService notifications) : BackgroundService
{
    private readonly ConcurrentDictionary<string, ResourceEvent> _last = new();

    public ResourceStatus Of(IResource resource)
    {
        var replicas = _last.Values.Where(x => x.Resource == resource).Select(x => x.Snapshot.State?.Text ?? KnownResourceStates.Waiting).ToList();
        var others = replicas.Where(state => state != KnownResourceStates.Running).ToList();
        var state = others.Count > 0 ? others[0] : replicas.Count > 0 ? KnownResourceStates.Running : KnownResourceStates.Waiting;
        return new ResourceStatus(resource.Name, state, replicas.Count - others.Count, replicas.Count);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await foreach (var change in notifications.WatchAsync(stoppingToken))
                _last[change.ResourceId] = change;
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }
}
