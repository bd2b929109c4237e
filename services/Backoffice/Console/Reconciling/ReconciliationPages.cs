using OrderSample.Backoffice.Console.Live;
using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Console.Reconciling;

/// <summary>A run's report, if there is such a run.</summary>
/// <param name="Report">The report; null when there is none.</param>
public sealed record ReportReading(RunReport? Report);

/// <summary>Registers what the page about reconciliation reads.</summary>
internal static class ReconciliationPages
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    public static void AddReconciliationPages(this WebApplicationBuilder builder)
    {
        builder.Services.AddTransient<ReconciliationClient>();
        builder.Services.AddLiveFeed<Everything, IReadOnlyList<RunRow>>(ServiceNames.Orders, Interval, (services, _, cancellationToken) =>
            services.GetRequiredService<ReconciliationClient>().ListAsync(cancellationToken));
        builder.Services.AddLiveFeed<Everything, ReconciliationReading>(ServiceNames.Orders, Interval, (services, _, cancellationToken) =>
            services.GetRequiredService<ReconciliationClient>().StateAsync(cancellationToken));
        builder.Services.AddLiveFeed<Guid, ReportReading>(_ => ServiceNames.Orders, Interval, async (services, runId, cancellationToken) =>
            new ReportReading(await services.GetRequiredService<ReconciliationClient>().FindAsync(runId, cancellationToken)));
    }
}
