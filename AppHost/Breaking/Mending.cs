using System.Net.Http.Json;
using OrderSample.AppHost.Switching;

namespace OrderSample.AppHost.Breaking;

/// <summary>Puts back whatever experiments have broken. It has to be right at any moment, also when nothing is broken.</summary>
/// <param name="resources">What can be stopped.</param>
/// <param name="commands">Starts them.</param>
/// <param name="states">Says which have ended.</param>
internal sealed class Mending(IReadOnlyList<IResource> resources, ResourceCommandService commands, ResourceStates states)
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Does it, all at once: a service does not start before its broker.</summary>
    /// <returns>What could not be put back, and why.</returns>
    public async Task<IReadOnlyList<string>> MendAsync(CancellationToken cancellationToken)
    {
        var problems = await Task.WhenAll(resources.Select(resource => MendAsync(resource, cancellationToken)));
        return [.. problems.OfType<string>()];
    }

    private async Task<string?> MendAsync(IResource resource, CancellationToken cancellationToken)
    {
        if (states.Of(resource).State == ProcessState.Stopping)
            await states.Ends(resource, LongestEnd);
        var state = states.Of(resource).State;
        if (state is ProcessState.Stopped or ProcessState.Crashed)
        {
            // A service that is started anew has its chaos switch off.
            var outcome = await commands.ExecuteCommandAsync(resource, KnownResourceCommands.StartCommand, cancellationToken);
            return outcome.Success ? null : $"{resource.Name} could not be started: {outcome.Message}";
        }

        return resource is ProjectResource service && state is (ProcessState.Running or ProcessState.NotReady) ? await RestoreAsync(service, cancellationToken) : null;
    }

    private static async Task<string?> RestoreAsync(ProjectResource service, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await Http.PutAsJsonAsync($"{service.GetEndpoint("http").Url}/chaos", new { }, cancellationToken);
            return answer.IsSuccessStatusCode ? null : $"The chaos switch of {service.Name} answers {(int)answer.StatusCode}.";
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return $"The chaos switch of {service.Name} can't be reached: {exception.Message}";
        }
    }
}
