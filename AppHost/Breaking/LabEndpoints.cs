using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OrderSample.AppHost.Starting;
using OrderSample.AppHost.Switching;

namespace OrderSample.AppHost.Breaking;

/// <summary>What the console's Lab asks of the app host, beside stopping and starting.</summary>
internal sealed class LabEndpoints(LabRuns runs, Mending mending, ResourceLog log, ResourceStates states, ExperimentedOn experimentedOn) : ISwitchEndpoints
{
    /// <summary>Lines of a log that one answer holds.</summary>
    private const int MaxLines = 20;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapGet("/lab/runs", () => Results.Json(new { active = runs.Active, runs = runs.All.Select(run => new { run.Value.Report.Summary, run.Value.IsAbandoned }) }));
        app.MapGet("/lab/runs/{id:guid}", (Guid id) => runs.Find(id) is { } kept ? Results.Json(new { kept.Report.Run, kept.IsAbandoned }) : Results.NotFound());
        app.MapPut("/lab/runs/{id:guid}", (Guid id, RunReport report) => runs.Keep(id, report) is { } signals
            ? Results.Json(signals)
            : Refused("Another experiment is running. They break what all share, so one runs at a time."));
        app.MapPost("/lab/runs/{id:guid}/cancel", (Guid id) => Signal(id, signals => signals with { Cancel = true }));
        app.MapPost("/lab/runs/{id:guid}/next", (Guid id) => Signal(id, signals => signals with { Next = signals.Next + 1 }));
        // Once begun it is finished, even when the caller goes away.
        app.MapPost("/lab/mend", async () => Results.Json(await mending.MendAsync(CancellationToken.None)));
        app.MapGet("/lab/nodes", () => Results.Json(experimentedOn.Nodes.Select(states.Of)));
        app.MapGet("/resources/{name}/log", ReadLogAsync);
    }

    private IResult Signal(Guid id, Func<RunSignals, RunSignals> signal) =>
        runs.Signal(id, signal) ? Results.NoContent() : runs.Find(id) is null ? Results.NotFound() : Refused("It has ended.");

    /// <summary>The last lines that hold a text.</summary>
    private async Task<IResult> ReadLogAsync(string name, string about)
    {
        if (experimentedOn.All.SingleOrDefault(x => x.Name == name) is not { } resource)
            return Results.NotFound();
        var lines = await log.ReadAsync(resource);
        return Results.Json(lines.Where(line => line.Contains(about, StringComparison.OrdinalIgnoreCase)).Select(line => line.Trim()).TakeLast(MaxLines));
    }

    private static IResult Refused(string why) => Results.Json(new { detail = why }, contentType: "application/problem+json", statusCode: StatusCodes.Status409Conflict);
}
