using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using RabbitMQ.Client;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>Breaks the running system, and mends it.</summary>
internal static class Faults
{
    public static async Task Stop(this OrderSystem system, string resource)
    {
        using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
        // Aspire gives up waiting after some seconds; what counts is that it ends.
        var result = await system.App.ResourceCommands.ExecuteCommandAsync(resource, KnownResourceCommands.StopCommand, timeout.Token);
        try
        {
            await system.App.ResourceNotifications.WaitForResourceAsync(resource, KnownResourceStates.TerminalStates, timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new Xunit.Sdk.XunitException($"{resource} did not end within {OrderSystem.Deadline.TotalSeconds} s. {result.Message}{system.LastLines()}");
        }
    }

    public static async Task Start(this OrderSystem system, string resource)
    {
        using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
        await Execute(system.App, resource, KnownResourceCommands.StartCommand, timeout.Token);
        try
        {
            // Its last state may still be that in which it was stopped, which is no reason to give up.
            await system.App.ResourceNotifications.WaitForResourceHealthyAsync(resource, WaitBehavior.WaitOnResourceUnavailable, timeout.Token);
        }
        catch (OperationCanceledException)
        {
            throw new Xunit.Sdk.XunitException($"{resource} did not become healthy within {OrderSystem.Deadline.TotalSeconds} s.{system.LastLines()}");
        }
    }

    /// <summary>SIGKILL: the process gets no chance to finish, flush or say goodbye.</summary>
    public static async Task Kill(this OrderSystem system, string resource)
    {
        await system.KillAtOnce(resource);
        await system.HasEnded(resource);
    }

    /// <summary>The same, without waiting until it is noticed.</summary>
    public static async Task KillAtOnce(this OrderSystem system, string resource)
    {
        using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
        var running = await system.App.ResourceNotifications.WaitForResourceAsync(resource,
            x => x.Snapshot.State?.Text == KnownResourceStates.Running && ProcessId(x) is not null, timeout.Token);

        using var process = Process.GetProcessById(ProcessId(running)!.Value);
        process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync(timeout.Token);
    }

    /// <summary>Deletes what is in a queue, and waits for something to delete.</summary>
    public static async Task Purge(this OrderSystem system, string queue)
    {
        using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
        var factory = new ConnectionFactory { Uri = new Uri((await system.App.GetConnectionStringAsync("rabbitmq", timeout.Token))!) };
        await using var connection = await factory.CreateConnectionAsync(timeout.Token);
        await using var channel = await connection.CreateChannelAsync(cancellationToken: timeout.Token);
        await system.Eventually($"a message in {queue}", token => channel.QueuePurgeAsync(queue, token), purged => purged > 0);
    }

    /// <summary>Waits until a service's process has ended by itself.</summary>
    public static async Task HasEnded(this OrderSystem system, string resource)
    {
        using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
        await system.App.ResourceNotifications.WaitForResourceAsync(resource, KnownResourceStates.TerminalStates, timeout.Token);
    }

    /// <summary>The operating system's id of a running service's process.</summary>
    public static async Task<int> ProcessId(this OrderSystem system, string resource)
    {
        using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
        return ProcessId(await system.App.ResourceNotifications.WaitForResourceAsync(resource, x => ProcessId(x) is not null, timeout.Token))!.Value;
    }

    private static int? ProcessId(ResourceEvent resource) =>
        resource.Snapshot.Properties.FirstOrDefault(x => x.Name == "executable.pid")?.Value is { } pid
            ? Convert.ToInt32(pid, CultureInfo.InvariantCulture)
            : null;

    private static async Task Execute(DistributedApplication app, string resource, string command, CancellationToken cancellationToken)
    {
        var result = await app.ResourceCommands.ExecuteCommandAsync(resource, command, cancellationToken);
        Assert.True(result.Success, $"{command} {resource}: {result.Message}");
    }
}
