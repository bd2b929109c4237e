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
/// <param name="Orders">Final orders it looked at.</param>
/// <param name="Reservations">Reservations it looked at.</param>
/// <param name="Found">Discrepancies it found.</param>
/// <param name="Repaired">Repairs it made.</param>
/// <param name="Problem">Why it failed.</param>
public sealed record RunRow(
    Guid RunId, string Trigger, string Status, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset From, DateTimeOffset To,
    bool ReachedLimit, int Orders, int Reservations, int Found, int Repaired, string? Problem);

/// <summary>In what the ledgers differ about one order.</summary>
/// <param name="Kind">In what way.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Found">What was found.</param>
/// <param name="Repair">What was done; null when that is for a person to decide.</param>
public sealed record DiscrepancyRow(string Kind, Guid OrderId, string Found, string? Repair);

/// <summary>A run with its report.</summary>
/// <param name="Run">The run.</param>
/// <param name="Discrepancies">The first thousand of what it found.</param>
public sealed record RunReport(RunRow Run, IReadOnlyList<DiscrepancyRow> Discrepancies);

/// <summary>The order service's reconciliation, as the console uses it.</summary>
/// <param name="clients">How to reach it.</param>
public sealed class ReconciliationClient(IHttpClientFactory clients)
{
    private const string Path = "/reconciliation/runs";

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
