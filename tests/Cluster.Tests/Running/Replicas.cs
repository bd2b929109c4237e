using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace OrderSample.Cluster.Tests.Running;

/// <summary>The single processes of a service.</summary>
internal static class Replicas
{
    /// <summary>The replicas of a service that run, by the ids that Aspire gives them, with their processes.</summary>
    public static async Task<Dictionary<string, int>> Running(this OrderSystem system, string service, int replicas)
    {
        var running = new Dictionary<string, int>();
        using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
        await foreach (var change in system.App.ResourceNotifications.WatchAsync(timeout.Token))
        {
            if (change.Resource.Name != service)
                continue;
            if (change.Snapshot.State?.Text == KnownResourceStates.Running && ProcessId(change) is { } process)
                running[change.ResourceId] = process;
            else
                running.Remove(change.ResourceId);
            if (running.Count == replicas)
                return running;
        }

        throw new InvalidOperationException("The application ended.");
    }

    /// <summary>SIGKILL of one replica.</summary>
    public static async Task KillReplica(this OrderSystem system, string id, int processId)
    {
        using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
        using var process = Process.GetProcessById(processId);
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(timeout.Token);
        await foreach (var change in system.App.ResourceNotifications.WatchAsync(timeout.Token))
        {
            if (change.ResourceId == id && KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text))
                return;
        }
    }

    /// <summary>Starts one replica again, and waits until it is healthy.</summary>
    public static async Task StartReplica(this OrderSystem system, string id)
    {
        using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
        var result = await system.App.ResourceCommands.ExecuteCommandAsync(id, KnownResourceCommands.StartCommand, timeout.Token);
        Assert.True(result.Success, $"start {id}: {result.Message}");
        await foreach (var change in system.App.ResourceNotifications.WatchAsync(timeout.Token))
        {
            if (change.ResourceId == id && change.Snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy)
                return;
        }
    }

    private static int? ProcessId(ResourceEvent resource) =>
        resource.Snapshot.Properties.FirstOrDefault(x => x.Name == "executable.pid")?.Value is { } pid
            ? Convert.ToInt32(pid, CultureInfo.InvariantCulture)
            : null;
}
