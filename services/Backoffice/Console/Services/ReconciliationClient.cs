namespace OrderSample.Backoffice.Console.Services;

/// <summary>A comparison of the services' ledgers, without its report.</summary>
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
/// <param name="Unjudged">What it saw besides, and did not judge.</param>
/// <param name="Problem">Why it failed.</param>
public sealed record RunRow(
    Guid RunId, string Trigger, string Status, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset From, DateTimeOffset To,
    bool ReachedLimit, int Orders, int Reservations, int Found, int Repaired, int Unjudged, string? Problem);

/// <summary>In what the ledgers differ about one order.</summary>
/// <param name="Kind">In what way.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Found">What was found.</param>
/// <param name="Repair">What was done; null when that is for a person to decide.</param>
/// <param name="ResolvedAt">Since when a later run does not see it any more, UTC.</param>
/// <param name="Resolution">How it ended; null while it has not.</param>
public sealed record DiscrepancyRow(string Kind, Guid OrderId, string Found, string? Repair, DateTimeOffset? ResolvedAt, string? Resolution);

/// <summary>How many discrepancies of a kind a run found.</summary>
/// <param name="Kind">In what way the ledgers differ.</param>
/// <param name="Found">How many.</param>
/// <param name="Repaired">How many of them it repaired.</param>
/// <param name="Resolved">How many of them a later run does not see any more.</param>
public sealed record TotalRow(string Kind, int Found, int Repaired, int Resolved);

/// <summary>What a run saw and did not judge.</summary>
/// <param name="Kind">What it would have been.</param>
/// <param name="Orders">Of how many orders.</param>
/// <param name="Why">Why not.</param>
public sealed record UnjudgedRow(string Kind, int Orders, string Why);

/// <summary>A run with its report.</summary>
/// <param name="Run">The run.</param>
/// <param name="Totals">How many it found of each kind.</param>
/// <param name="Unjudged">What it did not judge.</param>
/// <param name="Discrepancies">The first thousand of what it found.</param>
public sealed record RunReport(RunRow Run, IReadOnlyList<TotalRow> Totals, IReadOnlyList<UnjudgedRow> Unjudged, IReadOnlyList<DiscrepancyRow> Discrepancies);

/// <summary>How far one can rely on the reports.</summary>
/// <param name="UnknownSince">Since when nobody knows how the ledgers stand, UTC; null while runs complete.</param>
/// <param name="Why">Why not.</param>
/// <param name="Open">Orders with a discrepancy that is not known to be resolved.</param>
public sealed record ReconciliationReading(DateTimeOffset? UnknownSince, string? Why, int Open);

/// <summary>The order service's reconciliation, as the console uses it.</summary>
/// <param name="clients">How to reach it.</param>
public sealed class ReconciliationClient(IHttpClientFactory clients)
{
    private const string Path = "/reconciliation/runs";

    /// <summary>Asks how far one can rely on the reports.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ReconciliationReading> StateAsync(CancellationToken cancellationToken) => Orders.ReadAsync<ReconciliationReading>("/reconciliation", cancellationToken);

    /// <summary>Reads the last runs, newest first.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<IReadOnlyList<RunRow>> ListAsync(CancellationToken cancellationToken) => Orders.ReadAsync<IReadOnlyList<RunRow>>(Path, cancellationToken);

    /// <summary>Reads a run's report; null when there is no such run any more.</summary>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<RunReport?> FindAsync(Guid runId, CancellationToken cancellationToken) => Orders.FindAsync<RunReport>($"{Path}/{runId}", cancellationToken);

    /// <summary>Starts a run.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ServiceAnswer<RunRow>> StartAsync(CancellationToken cancellationToken) => Orders.DoAsync<RunRow>(HttpMethod.Post, Path, body: null, cancellationToken);

    private HttpClient Orders => clients.CreateClient(ServiceNames.Orders);
}
