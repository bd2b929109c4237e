using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderSample.AppHost.Switching;

namespace OrderSample.AppHost.Ending;

/// <summary>
/// Sees to it that the app host ends when it is told to. Stopping is given up after a while: then it says what has not ended, and the process ends with
/// exit code 1. Aspire's engine, which looks after the app host's process, ends what is left.
/// </summary>
internal sealed class EndWatch(IHostApplicationLifetime lifetime, IServiceProvider services, DistributedApplicationModel model, TimeProvider time, Action<string> giveUp) : IHostedLifecycleService, IDisposable
{
    /// <summary>Twice what the host gives its services.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private ITimer? _timer;

    public Task StartingAsync(CancellationToken cancellationToken)
    {
        lifetime.ApplicationStopping.Register(() => _timer = time.CreateTimer(_ => giveUp(WhatHangs()), null, Limit, Timeout.InfiniteTimeSpan));
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>The host has stopped, and its services are gone.</summary>
    public void Dispose() => _timer?.Dispose();

    /// <summary>Prints it, and ends the process.</summary>
    public static void End(string whatHangs)
    {
        Console.Error.WriteLine(whatHangs);
        // An exit that is under way already, and hangs, would take this one along.
        new Thread(() => Environment.Exit(1)) { IsBackground = true }.Start();
        Thread.Sleep(TimeSpan.FromSeconds(5));
        Process.GetCurrentProcess().Kill();
    }

    private string WhatHangs()
    {
        List<string> left = [.. services.GetServices<IHostedService>().OfType<BackgroundService>().Where(x => x.ExecuteTask is { IsCompleted: false }).Select(x => x.GetType().Name)];
        if (services.GetService<ResourceStates>() is { } states)
            left.AddRange(model.Resources.SelectMany(resource => states.ProcessesOf(resource).Where(IsAlive).Select(process => $"{resource.Name} (process {process})")));
        return $"The app host does not stop. Given up after {Limit.TotalSeconds} s. {(left.Count == 0 ? "None of what it runs is left." : $"What is left: {string.Join(", ", left)}.")}";
    }

    private static bool IsAlive(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
