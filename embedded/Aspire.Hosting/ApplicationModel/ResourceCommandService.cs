using System.Collections.Concurrent;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Whether a command worked.</summary>
public sealed class ExecuteCommandResult
{
    /// <summary>Whether it worked.</summary>
    public required bool Success { get; init; }

    /// <summary>Whether it was given up.</summary>
    public bool Canceled { get; init; }

    /// <summary>Why it did not work.</summary>
    public string? ErrorMessage { get; init; }
}

/// <summary>Starts, stops and restarts resources while the application runs.</summary>
/// <param name="services">The host's services.</param>
public class ResourceCommandService(IServiceProvider services)
{
    /// <summary>One command after another for each process: two starts at once would end each other's.</summary>
    private readonly ConcurrentDictionary<string, SemaphoreSlim> _turns = new();

    /// <summary>Executes a command on one replica, or on a resource that has only one.</summary>
    /// <param name="resourceId">The replica's id, or the name of a resource with one replica.</param>
    /// <param name="commandName">One of <see cref="KnownResourceCommands"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(string resourceId, string commandName, CancellationToken cancellationToken = default) =>
        Execute(() => Orchestrator.FindInstances(resourceId), resourceId, commandName, cancellationToken);

    /// <summary>Executes a command on all replicas of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="commandName">One of <see cref="KnownResourceCommands"/>.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ExecuteCommandResult> ExecuteCommandAsync(IResource resource, string commandName, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return Execute(() => Orchestrator.InstancesOf(resource), resource.Name, commandName, cancellationToken);
    }

    private Orchestrator Orchestrator => services.GetRequiredService<Orchestrator>();

    private async Task<ExecuteCommandResult> Execute(Func<IReadOnlyList<ResourceInstance>> find, string name, string command, CancellationToken cancellationToken)
    {
        var instances = find();
        if (instances.Count == 0)
            return new ExecuteCommandResult { Success = false, ErrorMessage = $"Resource '{name}' was not found, or has several replicas: name one of them, or pass the resource." };

        try
        {
            await Task.WhenAll(instances.Select(instance => Execute(instance, command, cancellationToken)));
            return new ExecuteCommandResult { Success = true };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return new ExecuteCommandResult { Success = false, Canceled = true };
        }
        catch (Exception exception)
        {
            return new ExecuteCommandResult { Success = false, ErrorMessage = exception.Message };
        }
    }

    private async Task Execute(ResourceInstance instance, string command, CancellationToken cancellationToken)
    {
        var turn = _turns.GetOrAdd(instance.Id, _ => new SemaphoreSlim(1));
        await turn.WaitAsync(cancellationToken);
        try
        {
            if (command == KnownResourceCommands.StopCommand || command == KnownResourceCommands.RestartCommand)
                await Orchestrator.StopInstance(instance, cancellationToken);
            if (command == KnownResourceCommands.StartCommand || command == KnownResourceCommands.RestartCommand)
                await Orchestrator.StartInstance(instance, cancellationToken);
            else if (command != KnownResourceCommands.StopCommand)
                throw new DistributedApplicationException($"Resource '{instance.Resource.Name}' has no command '{command}'; it has start, stop and restart.");
        }
        finally
        {
            turn.Release();
        }
    }
}
