using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OrderSample.OrderService.Data;

namespace OrderSample.OrderService.Reconciling;

/// <summary>
/// Adds findings to a run's report, each once, and has repaired what may be. What may be settled by a message that is on its way, a repair
/// among them, is not judged.
/// </summary>
internal sealed class Report(OrderDbContext context, Repairs repairs, IOptions<ReconciliationOptions> options, TimeProvider time, ILogger<Report> logger)
{
    /// <summary>A repair that was in vain as often is left to a person: its messages may be dead letters by now.</summary>
    private const int MaxTries = 3;

    /// <summary>Adds what is judged, and notes what is not.</summary>
    /// <param name="run">The run.</param>
    /// <param name="found">What was found.</param>
    /// <param name="arrived">Until when messages have arrived that would settle it.</param>
    /// <param name="lookAgainFrom">Where a run has to begin to see it again, UTC; null when every run sees it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task AddAsync(ReconciliationRun run, IReadOnlyCollection<Finding> found, Arrived arrived, DateTimeOffset? lookAgainFrom, CancellationToken cancellationToken)
    {
        if (found.Count == 0)
            return;

        // Both ways of looking at the stock can find the same thing, and so can a page that is answered twice.
        var orderIds = found.Select(x => x.OrderId).ToList();
        var rows = context.Discrepancies.AsNoTracking().Where(x => orderIds.Contains(x.OrderId));
        var reported = (await rows.Where(x => x.RunId == run.RunId).Select(x => new { x.OrderId, x.Kind }).ToListAsync(cancellationToken))
            .Select(x => (x.OrderId, x.Kind)).ToHashSet();
        var repaired = (await rows.Where(x => x.RunId != run.RunId && x.ResolvedAt == null && x.Repair != null).Select(x => new { x.OrderId, x.Kind, x.FoundAt }).ToListAsync(cancellationToken))
            .ToLookup(x => (x.OrderId, x.Kind), x => x.FoundAt);
        var unjudged = new List<Finding>();
        foreach (var finding in found.Where(x => reported.Add((x.OrderId, x.Kind))))
        {
            var tries = repaired[(finding.OrderId, finding.Kind)].ToList();
            if (tries.Append(finding.Since).Max() > arrived.Until)
                unjudged.Add(finding);
            else
                await AddAsync(run, finding, tries.Count, cancellationToken);
        }

        // These look at the same orders again, or at what is open already.
        if (run.Phase is RunPhase.Reservations or RunPhase.Earlier)
            return;
        foreach (var kind in unjudged.CountBy(x => x.Kind))
        {
            run.LeaveUnjudged(new Unjudged(kind.Key, kind.Value, arrived.WhyNoLater), lookAgainFrom);
            logger.LogInformation("Reconciliation does not judge {Count} orders as {Kind}: {Why}", kind.Value, kind.Key, arrived.WhyNoLater);
        }
    }

    /// <summary>Ends what earlier runs found of these orders, and this one does not see any more.</summary>
    /// <param name="run">The run.</param>
    /// <param name="orderIds">Orders that it has looked at.</param>
    /// <param name="kinds">What it has looked for.</param>
    /// <param name="seen">What it sees, whether or not it judges it.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task ResolveAsync(ReconciliationRun run, IReadOnlyCollection<Guid> orderIds, IReadOnlyCollection<DiscrepancyKind> kinds,
        HashSet<(Guid OrderId, DiscrepancyKind Kind)> seen, CancellationToken cancellationToken)
    {
        var open = context.Discrepancies.Where(x => x.ResolvedAt == null && x.RunId != run.RunId && orderIds.Contains(x.OrderId) && kinds.Contains(x.Kind));
        var known = await open.GroupBy(x => new { x.OrderId, x.Kind })
            .Select(rows => new { rows.Key.OrderId, rows.Key.Kind, Repairs = rows.Count(row => row.Repair != null) }).ToListAsync(cancellationToken);
        var now = time.GetUtcNow();
        foreach (var gone in known.Where(x => !seen.Contains((x.OrderId, x.Kind))).GroupBy(x => (x.Kind, IsRepaired: x.Repairs > 0)))
        {
            var (kind, how) = (gone.Key.Kind, gone.Key.IsRepaired ? Resolution.Repaired : Resolution.ByItself);
            var ids = gone.Select(x => x.OrderId).ToList();
            await open.Where(x => x.Kind == kind && ids.Contains(x.OrderId))
                .ExecuteUpdateAsync(x => x.SetProperty(row => row.ResolvedAt, now).SetProperty(row => row.Resolution, how), cancellationToken);
            logger.LogInformation("Reconciliation does not see {Kind} of {Count} orders any more: {Resolution}", kind, ids.Count, how);
        }
    }

    private async Task AddAsync(ReconciliationRun run, Finding finding, int tries, CancellationToken cancellationToken)
    {
        var mayRepair = run.Repaired < options.Value.MaxRepairs && tries < MaxTries;
        if (mayRepair && finding.Repair is not null)
        {
            await repairs.MakeAsync(finding, cancellationToken);
            run.Repaired++;
        }

        run.Found++;
        var text = finding.Repair is not null && tries >= MaxTries ? $"{finding.Found} Repaired {tries} times, in vain." : finding.Found;
        var repair = mayRepair ? finding.Repair : null;
        context.Discrepancies.Add(new Discrepancy
        {
            RunId = run.RunId,
            OrderId = finding.OrderId,
            Kind = finding.Kind,
            Repair = repair,
            Found = Shorten(text),
            FoundAt = time.GetUtcNow(),
        });
        logger.LogWarning("Reconciliation found {Kind} of order {OrderId}: {Found} Repair: {Repair}",
            finding.Kind, finding.OrderId, text, repair?.ToString() ?? "none");
    }

    private static string Shorten(string text) => text.Length <= Discrepancy.MaxFoundLength ? text : text[..Discrepancy.MaxFoundLength];
}
