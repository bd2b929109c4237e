using System.Diagnostics;
using System.Globalization;
using OrderSample.AppHost.Switching;

namespace OrderSample.AppHost.Breaking;

/// <summary>The processes of what the app host runs, by name.</summary>
internal sealed class HostedProcesses(DistributedApplicationModel model, ResourceStates states, ResourceCommandService commands)
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);

    /// <summary>A resource.</summary>
    /// <exception cref="InvalidOperationException">There is none of that name.</exception>
    public IResource Find(string name) => model.Resources.FirstOrDefault(x => x.Name == name) ?? throw new InvalidOperationException($"There is no {name} here.");

    /// <summary>The process ids of the replicas that run.</summary>
    /// <exception cref="InvalidOperationException">None runs as a process of this machine.</exception>
    public IReadOnlyList<int> Of(string name) =>
        states.ProcessesOf(Find(name)) is { Count: > 0 } found ? found : throw new InvalidOperationException($"{name} has no process of this machine.");

    /// <summary>Starts what has ended of a resource.</summary>
    /// <returns>Why not; null when all of it starts.</returns>
    public async Task<string?> StartEndedAsync(IResource resource, CancellationToken cancellationToken)
    {
        foreach (var replica in await states.EndedOf(resource))
        {
            var outcome = await commands.ExecuteCommandAsync(replica, KnownResourceCommands.StartCommand, cancellationToken);
            if (!outcome.Success)
                return $"{resource.Name} could not be started: {outcome.Message}";
        }

        return null;
    }

    /// <summary>Stops a resource and starts it anew.</summary>
    /// <exception cref="InvalidOperationException">It did not end, or does not start.</exception>
    public async Task RestartAsync(string name, CancellationToken cancellationToken)
    {
        var resource = Find(name);
        var outcome = await commands.ExecuteCommandAsync(resource, KnownResourceCommands.StopCommand, cancellationToken);
        if (!await states.Ends(resource, LongestEnd))
            throw new InvalidOperationException($"{name} did not end. {outcome.Message}");
        if (await StartEndedAsync(resource, cancellationToken) is { } problem)
            throw new InvalidOperationException(problem);
    }

    /// <summary>Sends a signal to a process and all that it has started; Linux only.</summary>
    public static async Task SignalAsync(string signal, int process, CancellationToken cancellationToken)
    {
        string[] all = [.. WithChildren(process).Select(id => id.ToString(CultureInfo.InvariantCulture))];
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", .. all]) { RedirectStandardError = true })!;
        await kill.WaitForExitAsync(cancellationToken);
    }

    private static IEnumerable<int> WithChildren(int process)
    {
        yield return process;
        foreach (var thread in Directory.Exists($"/proc/{process}/task") ? Directory.EnumerateDirectories($"/proc/{process}/task") : [])
        {
            foreach (var child in File.ReadAllText(Path.Combine(thread, "children")).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                foreach (var id in WithChildren(int.Parse(child, CultureInfo.InvariantCulture)))
                    yield return id;
            }
        }
    }
}
