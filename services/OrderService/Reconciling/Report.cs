using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OrderSample.OrderService.Data;

namespace OrderSample.OrderService.Reconciling;

/// <summary>Adds findings to a run's report, each once, and has repaired what may be.</summary>
internal sealed class Report(OrderDbContext context, Repairs repairs, IOptions<ReconciliationOptions> options, ILogger<Report> logger)
{
    public async Task AddAsync(ReconciliationRun run, IEnumerable<Finding> findings, CancellationToken cancellationToken)
    {
        List<Finding> found = [.. findings];
        if (found.Count == 0)
            return;

        // Both ways of looking at the stock can find the same thing, and so can a page that is answered twice.
        var orderIds = found.Select(x => x.OrderId).ToList();
        var known = (await context.Discrepancies.Where(x => x.RunId == run.RunId && orderIds.Contains(x.OrderId))
            .Select(x => new { x.OrderId, x.Kind }).ToListAsync(cancellationToken)).Select(x => (x.OrderId, x.Kind)).ToHashSet();
        foreach (var finding in found.Where(x => known.Add((x.OrderId, x.Kind))))
        {
            var repair = run.Repaired < options.Value.MaxRepairs ? finding.Repair : null;
            if (repair is { } chosen)
            {
                await repairs.MakeAsync(chosen, finding.OrderId, cancellationToken);
                run.Repaired++;
            }

            run.Found++;
            context.Discrepancies.Add(new Discrepancy
            {
                RunId = run.RunId,
                OrderId = finding.OrderId,
                Kind = finding.Kind,
                Repair = repair,
                Found = Shorten(finding.Found),
            });
            logger.LogWarning("Reconciliation found {Kind} of order {OrderId}: {Found} Repair: {Repair}",
                finding.Kind, finding.OrderId, finding.Found, repair?.ToString() ?? "none");
        }
    }

    private static string Shorten(string text) => text.Length <= Discrepancy.MaxFoundLength ? text : text[..Discrepancy.MaxFoundLength];
}
