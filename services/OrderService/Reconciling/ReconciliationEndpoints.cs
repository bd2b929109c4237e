using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.Data;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.OrderService.Reconciling;

/// <summary>Body of <c>POST /reconciliation/runs</c>; it may be missing.</summary>
/// <param name="From">Looks at what changed since then; missing: since the last run's watermark.</param>
public sealed record StartRunRequest(DateTimeOffset? From);

/// <summary>A run without its report.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Trigger">Why it was started.</param>
/// <param name="Status">Where it stands.</param>
/// <param name="StartedAt">When it was started, UTC.</param>
/// <param name="FinishedAt">When it ended, UTC.</param>
/// <param name="From">Beginning of the period it looks at, UTC.</param>
/// <param name="To">End of the period, UTC.</param>
/// <param name="ReachedLimit">Whether the next run has to carry on where it ended.</param>
/// <param name="Orders">Orders it looked at.</param>
/// <param name="Reservations">Reservations it looked at.</param>
/// <param name="Found">Discrepancies it found.</param>
/// <param name="Repaired">Repairs it made.</param>
/// <param name="Unjudged">What it saw besides, and did not judge: messages that would settle it may be on their way.</param>
/// <param name="Problem">Why it failed.</param>
public sealed record RunSummary(
    Guid RunId, RunTrigger Trigger, RunStatus Status, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset From, DateTimeOffset To,
    bool ReachedLimit, int Orders, int Reservations, int Found, int Repaired, int Unjudged, string? Problem);

/// <summary>A discrepancy as it is shown.</summary>
/// <param name="Kind">In what way the ledgers differ.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Found">What was found.</param>
/// <param name="FoundAt">When, UTC.</param>
/// <param name="Repair">What was done; missing when it is for a person to decide.</param>
/// <param name="ResolvedAt">Since when a later run does not see it any more, UTC; missing while it may be so.</param>
/// <param name="Resolution">How it ended; missing while it has not.</param>
public sealed record DiscrepancyDetails(
    DiscrepancyKind Kind, Guid OrderId, string Found, DateTimeOffset FoundAt, Repair? Repair, DateTimeOffset? ResolvedAt, Resolution? Resolution);

/// <summary>How many discrepancies of a kind a run found.</summary>
/// <param name="Kind">In what way the ledgers differ.</param>
/// <param name="Found">How many it found.</param>
/// <param name="Repaired">How many of them it repaired.</param>
/// <param name="Resolved">How many of them a later run does not see any more.</param>
public sealed record DiscrepancyTotal(DiscrepancyKind Kind, int Found, int Repaired, int Resolved);

/// <summary>A run with its report.</summary>
/// <param name="Run">The run.</param>
/// <param name="Totals">How many it found of each kind.</param>
/// <param name="Unjudged">What it saw and did not judge, and why.</param>
/// <param name="Listed">How many of what it found are listed here.</param>
/// <param name="Discrepancies">What it found; when that is a lot, the first part of it.</param>
public sealed record RunDetails(
    RunSummary Run, IReadOnlyList<DiscrepancyTotal> Totals, IReadOnlyList<Unjudged> Unjudged, int Listed, IReadOnlyList<DiscrepancyDetails> Discrepancies);

/// <summary>How far one can rely on the reports.</summary>
/// <param name="UnknownSince">Since when nobody knows how the ledgers stand, UTC: no run has completed since. Missing while runs complete.</param>
/// <param name="Why">Why not.</param>
/// <param name="LastCompleted">The last run that completed; missing when none is kept.</param>
/// <param name="Open">Orders with a discrepancy that a run found and none has seen resolved.</param>
public sealed record ReconciliationState(DateTimeOffset? UnknownSince, string? Why, RunSummary? LastCompleted, int Open);

/// <summary>Runs over HTTP.</summary>
public static class ReconciliationEndpoints
{
    /// <summary>Most discrepancies in one answer.</summary>
    public const int MaxShown = 1_000;

    private const int LastRuns = 50;
    private const string IsRunning = "A run is under way; there is one at a time.";

    private static readonly RunSummary ExampleRun = new(
        new Guid("66666666-6666-6666-6666-666666666666"), RunTrigger.Demand, RunStatus.Completed, Example.Time.AddHours(1), Example.Time.AddHours(1).AddSeconds(2),
        Example.Time, Example.Time.AddMinutes(55), ReachedLimit: false, Orders: 128, Reservations: 130, Found: 1, Repaired: 1, Unjudged: 0, Problem: null);

    internal static void MapReconciling(this IEndpointRouteBuilder app)
    {
        app.MapGet("/reconciliation", StateAsync).WithName("GetReconciliationState").WithTags("Reconciliation")
            .WithSummary("Ask whether the ledgers are known to agree")
            .WithResponse(StatusCodes.Status200OK, "The last run that completed, what is open, and since when nothing is known.",
                new ReconciliationState(UnknownSince: null, Why: null, ExampleRun, Open: 0));
        var runs = app.MapGroup("/reconciliation/runs").WithTags("Reconciliation");
        runs.MapPost("/", StartAsync).WithName("StartReconciliation").ForOperators()
            .WithSummary("Start a reconciliation")
            .WithDescription("Compares the ledgers of all services for the orders that changed since `from`, and repairs what is safe to repair. The body may be missing.")
            .WithRequestExample(new StartRunRequest(ExampleRun.From))
            .WithResponse(StatusCodes.Status202Accepted, "The run is started.",
                ExampleRun with { Status = RunStatus.Running, FinishedAt = null, Orders = 0, Reservations = 0, Found = 0, Repaired = 0 }, $"/reconciliation/runs/{ExampleRun.RunId}")
            .WithProblem(StatusCodes.Status409Conflict, IsRunning);
        runs.MapGet("/", ListAsync).WithName("ListReconciliations")
            .WithSummary("List reconciliations")
            .WithResponse(StatusCodes.Status200OK, $"The last {LastRuns} runs, newest first.", new[] { ExampleRun });
        runs.MapGet("/{id:guid}", GetAsync).WithName("GetReconciliation")
            .WithSummary("Look at a reconciliation")
            .WithParameter("id", "The run.", ExampleRun.RunId)
            .WithResponse(StatusCodes.Status200OK, $"The run and the first {MaxShown} discrepancies that it found.", new RunDetails(ExampleRun,
                [new DiscrepancyTotal(DiscrepancyKind.StockHeld, Found: 1, Repaired: 1, Resolved: 1)], [], Listed: 1,
                [
                    new DiscrepancyDetails(DiscrepancyKind.StockHeld, Example.Order.OrderId, "Cancelled, but held are 2 KETTLE", ExampleRun.StartedAt.AddSeconds(1),
                        Repair.ReleaseStock, ExampleRun.StartedAt.AddMinutes(5), Resolution.Repaired),
                ]))
            .WithResponse(StatusCodes.Status404NotFound, "There is no run with this id.");
    }

    private static async Task<Results<Accepted<RunSummary>, ConflictProblem>> StartAsync(
        StartRunRequest? request, Reconciliation reconciliation, CancellationToken cancellationToken) =>
        await reconciliation.StartAsync(RunTrigger.Demand, request?.From?.ToUniversalTime(), cancellationToken) is { } run
            ? TypedResults.Accepted($"/reconciliation/runs/{run.RunId}", Summary(run))
            : new ConflictProblem(IsRunning);

    /// <summary>The last runs, newest first.</summary>
    private static async Task<Ok<RunSummary[]>> ListAsync(OrderDbContext context, CancellationToken cancellationToken)
    {
        var runs = await context.ReconciliationRuns.AsNoTracking().OrderByDescending(x => x.StartedAt).Take(LastRuns).ToListAsync(cancellationToken);
        return TypedResults.Ok<RunSummary[]>([.. runs.Select(Summary)]);
    }

    private static async Task<Results<Ok<RunDetails>, NotFound>> GetAsync(Guid id, OrderDbContext context, CancellationToken cancellationToken)
    {
        var run = await context.ReconciliationRuns.AsNoTracking().SingleOrDefaultAsync(x => x.RunId == id, cancellationToken);
        if (run is null)
            return TypedResults.NotFound();

        var found = context.Discrepancies.AsNoTracking().Where(x => x.RunId == id);
        var totals = await found.GroupBy(x => x.Kind)
            .Select(all => new DiscrepancyTotal(all.Key, all.Count(), all.Count(x => x.Repair != null), all.Count(x => x.ResolvedAt != null))).ToListAsync(cancellationToken);
        var listed = await found.OrderBy(x => x.OrderId).ThenBy(x => x.Kind).Take(MaxShown)
            .Select(x => new DiscrepancyDetails(x.Kind, x.OrderId, x.Found, x.FoundAt, x.Repair, x.ResolvedAt, x.Resolution)).ToListAsync(cancellationToken);
        return TypedResults.Ok(new RunDetails(Summary(run), [.. totals.OrderBy(x => x.Kind)], run.Unjudged, listed.Count, listed));
    }

    private static async Task<Ok<ReconciliationState>> StateAsync(OrderDbContext context, ReconciliationMonitor monitor, CancellationToken cancellationToken)
    {
        var completed = await context.ReconciliationRuns.LastCompletedAsync(cancellationToken);
        var open = await context.Discrepancies.Where(x => x.ResolvedAt == null).Select(x => x.OrderId).Distinct().CountAsync(cancellationToken);
        return TypedResults.Ok(new ReconciliationState(monitor.Unknown?.Since, monitor.Unknown?.Why, completed is null ? null : Summary(completed), open));
    }

    private static RunSummary Summary(ReconciliationRun run) => new(
        run.RunId, run.Trigger, run.Status, run.StartedAt, run.FinishedAt, run.From, run.To,
        run.ReachedLimit, run.Orders, run.Reservations, run.Found, run.Repaired, run.Unjudged.Sum(x => x.Orders), run.Problem);
}
