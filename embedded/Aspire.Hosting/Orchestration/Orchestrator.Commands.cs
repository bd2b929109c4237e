using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;

namespace Aspire.Hosting.Orchestration;

/// <content>What is done to single processes while the application runs.</content>
internal sealed partial class Orchestrator
{
    /// <summary>The replica with an id, or the only one of a resource; none when the name is ambiguous.</summary>
    public IReadOnlyList<ResourceInstance> FindInstances(string idOrName)
    {
        var byId = _instances.Where(x => string.Equals(x.Id, idOrName, StringComparison.OrdinalIgnoreCase)).ToList();
        if (byId.Count > 0)
            return byId;
        var byName = _instances.Where(x => string.Equals(x.Resource.Name, idOrName, StringComparison.OrdinalIgnoreCase)).ToList();
        return byName.Count == 1 ? byName : [];
    }

    /// <summary>Stops a process; one that has ended, or was never started, is left as it is.</summary>
    /// <exception cref="DistributedApplicationException">It is about to start, or does not stop.</exception>
    public async Task StopInstance(ResourceInstance instance, CancellationToken cancellationToken)
    {
        var state = StateOf(instance);
        if (HasEnded(state))
            return;
        if (state != KnownResourceStates.Running && state != KnownResourceStates.Stopping)
            throw new DistributedApplicationException($"Resource '{instance.Resource.Name}' is {state}: it can be stopped when it runs.");

        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(StopTimeout * 3);
        try
        {
            await StopProcess(instance, timeout.Token);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            throw new DistributedApplicationException($"Resource '{instance.Resource.Name}' did not stop within {StopTimeout.TotalSeconds * 3} s.", exception);
        }
    }

    /// <summary>Starts a process that has ended, could not be started, or was never started.</summary>
    /// <exception cref="DistributedApplicationException">It runs already, or can't be started.</exception>
    public async Task StartInstance(ResourceInstance instance, CancellationToken cancellationToken)
    {
        if (StateOf(instance) is var state && !HasEnded(state))
            throw new DistributedApplicationException($"Resource '{instance.Resource.Name}' is {state}: it can be started when it has ended.");
        try
        {
            watcher.Replace(instance);
            // The engine keeps an ended process under its name, and a name can be used once.
            await engine.Client.Delete(DcpExecutable.Kind, instance.Id, cancellationToken);
            await SetState(instance, KnownResourceStates.Starting);
            if (instance.Resource is IResourceWithEndpoints withEndpoints)
                await endpoints.Allocate(withEndpoints, cancellationToken);
            await starter.Start(instance, cancellationToken);
        }
        catch (Exception exception)
        {
            logs.Write(instance, exception.Message, isError: true);
            await SetState(instance, new ResourceStateSnapshot(KnownResourceStates.FailedToStart, "error"));
            throw;
        }
    }

    private static bool HasEnded(string? state) => state == KnownResourceStates.NotStarted || KnownResourceStates.TerminalStates.Contains(state);
}
