using System.Collections.Concurrent;
using System.Text.Json;

namespace OrderSample.AppHost.Breaking.Faults;

/// <summary>A process does nothing any more, and its connections stay open.</summary>
internal sealed class FrozenProcess(HostedProcesses processes) : IFault
{
    private readonly ConcurrentDictionary<string, int> _frozen = new();

    public string Kind => "frozen";

    public Task BreakAsync(string target, JsonElement details, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux())
            throw new InvalidOperationException("A process is frozen on Linux only.");
        var process = _frozen[target] = processes.Of(target)[0];
        return HostedProcesses.SignalAsync("STOP", process, cancellationToken);
    }

    public Task MendAsync(string target, CancellationToken cancellationToken) =>
        _frozen.TryRemove(target, out var process) ? HostedProcesses.SignalAsync("CONT", process, cancellationToken) : Task.CompletedTask;
}
