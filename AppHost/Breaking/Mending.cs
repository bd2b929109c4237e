using System.Net.Http.Json;
using OrderSample.AppHost.Switching;

namespace OrderSample.AppHost.Breaking;

/// <summary>Puts back whatever experiments have broken. It has to be right at any moment, also when nothing is broken.</summary>
/// <param name="experimentedOn">What there is.</param>
/// <param name="breaks">What was broken in another way.</param>
/// <param name="processes">Starts what has ended.</param>
/// <param name="states">Says how each is.</param>
internal sealed class Mending(ExperimentedOn experimentedOn, Breaks breaks, HostedProcesses processes, ResourceStates states)
{
    private static readonly TimeSpan LongestEnd = TimeSpan.FromSeconds(30);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Does it. What has ended is started all at once: a service does not start before its broker.</summary>
    /// <returns>What could not be put back, and why.</returns>
    public async Task<IReadOnlyList<string>> MendAsync(CancellationToken cancellationToken)
    {
        var broken = await breaks.MendAllAsync(cancellationToken);
        var problems = await Task.WhenAll(experimentedOn.All.Select(resource => MendAsync(resource, cancellationToken)));
        return [.. broken, .. problems.OfType<string>()];
    }

    private async Task<string?> MendAsync(IResource resource, CancellationToken cancellationToken)
    {
        if (states.Of(resource).State == ProcessState.Stopping)
            await states.Ends(resource, LongestEnd);
        // A service that is started anew has its chaos switch off.
        if ((await states.EndedOf(resource)).Count > 0)
            return await processes.StartEndedAsync(resource, cancellationToken);
        return resource is ProjectResource service && states.Of(resource).State is (ProcessState.Running or ProcessState.NotReady) ? await RestoreAsync(service, cancellationToken) : null;
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
