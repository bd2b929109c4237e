using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>What a run is told by those who look at it.</summary>
/// <param name="Cancel">Whether it is to end.</param>
/// <param name="Next">How often somebody said that the next step may begin.</param>
internal sealed record RunSignals(bool Cancel, int Next);

/// <summary>The runs that are kept.</summary>
/// <param name="Active">The run that goes on; null when none does.</param>
/// <param name="Runs">All of them, newest first.</param>
internal sealed record LabReading(Guid? Active, IReadOnlyList<RunSummary> Runs)
{
    /// <summary>The run that goes on.</summary>
    public RunSummary? Running => Runs.FirstOrDefault(run => run.Id == Active);
}

/// <summary>
/// Who keeps the runs for all replicas of the console, lets one go on at a time, and puts back what it broke, also when its console
/// has crashed: the app host.
/// </summary>
internal interface ILabHost
{
    /// <summary>Whether experiments are possible here: only where the services can be broken on purpose.</summary>
    bool IsThere { get; }

    /// <summary>Reports how a run stands. The first report begins it.</summary>
    /// <returns>What it is told; the problem when another one goes on.</returns>
    Task<ServiceAnswer<RunSignals>> KeepAsync(LabRun run, CancellationToken cancellationToken);

    /// <summary>Reads which runs there are.</summary>
    Task<LabReading> ListAsync(CancellationToken cancellationToken);

    /// <summary>Reads a run; null when there is none.</summary>
    Task<LabRun?> FindAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Tells a run to end.</summary>
    /// <returns>Why not; null when it will.</returns>
    Task<string?> CancelAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Tells a run that its next step may begin.</summary>
    /// <returns>Why not; null when it will.</returns>
    Task<string?> NextAsync(Guid id, CancellationToken cancellationToken);

    /// <summary>Puts back whatever was broken.</summary>
    /// <returns>What could not be put back.</returns>
    Task<IReadOnlyList<string>> MendAsync(CancellationToken cancellationToken);

    /// <summary>Breaks something.</summary>
    /// <param name="kind">In which way.</param>
    /// <param name="target">What.</param>
    /// <param name="details">How, where there is a choice.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Why not; null when it is broken.</returns>
    Task<string?> BreakAsync(string kind, string target, object? details, CancellationToken cancellationToken);

    /// <summary>Puts one thing back.</summary>
    /// <returns>Why not; null when it is.</returns>
    Task<string?> MendAsync(string kind, string target, CancellationToken cancellationToken);

    /// <summary>How the broker's nodes are.</summary>
    Task<IReadOnlyList<HostedResource>> NodesAsync(CancellationToken cancellationToken);

    /// <summary>Reads the last lines of a resource's log that hold a text.</summary>
    Task<IReadOnlyList<string>> ReadLogAsync(string resource, string about, CancellationToken cancellationToken);
}

/// <summary>The app host over HTTP.</summary>
/// <param name="http">Its address, and the key.</param>
/// <param name="options">Whether it runs experiments.</param>
internal sealed class LabHost(HttpClient http, Microsoft.Extensions.Options.IOptions<AppHostOptions> options) : ILabHost
{
    public bool IsThere => http.BaseAddress is not null && options.Value.RunsExperiments;

    public Task<ServiceAnswer<RunSignals>> KeepAsync(LabRun run, CancellationToken cancellationToken) =>
        http.DoAsync<RunSignals>(HttpMethod.Put, PathOf(run.Id), new { isActive = run.EndedAt is null, summary = run.Summary, run }, cancellationToken);

    public async Task<LabReading> ListAsync(CancellationToken cancellationToken)
    {
        var kept = await http.ReadAsync<KeptRuns>("/lab/runs", cancellationToken);
        return new LabReading(kept.Active, [.. kept.Runs.Select(run => run.IsAbandoned ? run.Summary with { Status = RunStatus.Abandoned } : run.Summary)]);
    }

    public async Task<LabRun?> FindAsync(Guid id, CancellationToken cancellationToken) => await http.FindAsync<KeptRun>(PathOf(id), cancellationToken) switch
    {
        null => null,
        { IsAbandoned: true } kept => kept.Run with { Status = RunStatus.Abandoned, EndedAt = kept.Run.EndedAt ?? kept.Run.StartedAt, Problem = "Its console is not heard of any more. The app host has put everything back." },
        { } kept => kept.Run,
    };

    public Task<string?> CancelAsync(Guid id, CancellationToken cancellationToken) => http.DoAsync(HttpMethod.Post, $"{PathOf(id)}/cancel", cancellationToken);

    public Task<string?> NextAsync(Guid id, CancellationToken cancellationToken) => http.DoAsync(HttpMethod.Post, $"{PathOf(id)}/next", cancellationToken);

    public async Task<IReadOnlyList<string>> MendAsync(CancellationToken cancellationToken)
    {
        var answer = await http.DoAsync<string[]>(HttpMethod.Post, "/lab/mend", body: null, cancellationToken);
        return answer.Problem is { } problem ? [problem] : answer.Value!;
    }

    public Task<string?> BreakAsync(string kind, string target, object? details, CancellationToken cancellationToken) =>
        http.DoAsync(HttpMethod.Post, PathOf(kind, target), details, cancellationToken);

    public Task<string?> MendAsync(string kind, string target, CancellationToken cancellationToken) => http.DoAsync(HttpMethod.Delete, PathOf(kind, target), cancellationToken);

    public Task<IReadOnlyList<HostedResource>> NodesAsync(CancellationToken cancellationToken) => http.ReadAsync<IReadOnlyList<HostedResource>>("/lab/nodes", cancellationToken);

    public async Task<IReadOnlyList<string>> ReadLogAsync(string resource, string about, CancellationToken cancellationToken) =>
        await http.ReadAsync<IReadOnlyList<string>>($"/resources/{resource}/log?about={Uri.EscapeDataString(about)}", cancellationToken);

    private static string PathOf(string kind, string target) => $"/breaks/{kind}?target={Uri.EscapeDataString(target)}";

    private static string PathOf(Guid id) => $"/lab/runs/{id}";

    private sealed record KeptRuns(Guid? Active, IReadOnlyList<KeptSummary> Runs);

    private sealed record KeptSummary(RunSummary Summary, bool IsAbandoned);

    private sealed record KeptRun(LabRun Run, bool IsAbandoned);
}
