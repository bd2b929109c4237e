using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OrderSample.Contracts.Reconciling;
using OrderSample.Contracts.Reconciling.Commands;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.OrderService.Reconciling;

/// <summary>
/// Takes a run from page to page. Whoever calls saves: the run's row, what it found, its questions and its repairs are
/// one transaction.
/// </summary>
internal sealed class Reconciliation(
    OrderDbContext context, ISendEndpointProvider bus, OwnLedgers ownLedgers, Report report, IDatabaseProvider database,
    IOptions<ReconciliationOptions> options, TimeProvider time, ILogger<Reconciliation> logger)
{
    private readonly ReconciliationOptions _options = options.Value;

    /// <summary>Starts a run and saves it.</summary>
    /// <param name="trigger">Why.</param>
    /// <param name="from">Where to begin; null: where the last one ended, or as far as every run looks back.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Null when one is running.</returns>
    public async Task<ReconciliationRun?> StartAsync(RunTrigger trigger, DateTimeOffset? from, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var watermark = await WatermarkAsync(now, cancellationToken);
        var begin = from ?? watermark;
        var run = new ReconciliationRun
        {
            RunId = Guid.CreateVersion7(now),
            Trigger = trigger,
            StartedAt = now,
            From = begin,
            To = now - _options.Grace,
            AfterAt = begin,
            // One that began later than it had to leaves a gap, which the next one must not take for looked at.
            MovesWatermark = begin <= watermark,
        };
        context.ReconciliationRuns.Add(run);
        await AskNextAsync(run, cancellationToken);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateException exception) when (database.IsUniqueViolation(exception))
        {
            context.ChangeTracker.Clear();
            return null;
        }

        logger.LogInformation("Reconciliation {RunId} of {From} to {To} started", run.RunId, run.From, run.To);
        return run;
    }

    /// <summary>Goes on to the next page when the current one is answered, and ends the run after the last.</summary>
    public async Task AdvanceAsync(ReconciliationRun run, LedgerPosition? end, CancellationToken cancellationToken)
    {
        run.Version++;
        if (run.AwaitsReservations || run.AwaitsNotifications)
            return;

        if (end is not null)
            (run.AfterAt, run.AfterOrderId) = (end.At, end.OrderId);
        if (run.Phase == RunPhase.Orders && (run.Orders >= _options.MaxOrders || run.Found >= _options.MaxDiscrepancies))
            (run.ReachedLimit, run.To) = (true, run.AfterAt);
        if (run.Phase == RunPhase.Reservations && end is null)
            await EndAsync(run, cancellationToken);
        else
            await AskNextAsync(run, cancellationToken);
    }

    /// <summary>Asks again for a page that was not answered in time: the question or its answer was lost.</summary>
    public async Task AskAgainAsync(ReconciliationRun run, CancellationToken cancellationToken)
    {
        run.Version++;
        if (run.Asks >= _options.MaxAsks)
        {
            run.Problem = $"No answer from {(run.AwaitsReservations ? "the inventory" : "the notification service")} after asking {run.Asks} times.";
            run.End(RunStatus.Failed, time.GetUtcNow());
            logger.LogError("Reconciliation {RunId} failed: {Problem}", run.RunId, run.Problem);
            return;
        }

        logger.LogWarning("Reconciliation {RunId} asks again for a page", run.RunId);
        await AskAsync(run, run.Phase == RunPhase.Orders ? await OrdersOf(run).Select(x => x.CorrelationId).ToListAsync(cancellationToken) : [], cancellationToken);
    }

    /// <summary>The final orders of the current page as they are now, without those that have moved since the run began.</summary>
    public Task<List<LedgerOrder>> PageAsync(ReconciliationRun run, CancellationToken cancellationToken) =>
        OwnLedgers.ReadAsync(OrdersOf(run), run.To, cancellationToken);

    private IQueryable<OrderState> OrdersOf(ReconciliationRun run) =>
        FinalOrdersAfter(run).Where(x => x.UpdatedAt < run.EndAt || (x.UpdatedAt == run.EndAt && x.CorrelationId.CompareTo(run.EndOrderId) <= 0));

    private IQueryable<OrderState> FinalOrdersAfter(ReconciliationRun run) =>
        context.OrderStates.AsNoTracking().Where(x => LedgerComparison.FinalStates.Contains(x.CurrentState)
            && x.UpdatedAt <= run.To
            && x.UpdatedAt >= run.AfterAt && (x.UpdatedAt > run.AfterAt || x.CorrelationId.CompareTo(run.AfterOrderId) > 0));

    private async Task<DateTimeOffset> WatermarkAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var last = await context.ReconciliationRuns.AsNoTracking().Where(x => x.Status == RunStatus.Completed && x.MovesWatermark)
            .OrderByDescending(x => x.StartedAt).FirstOrDefaultAsync(cancellationToken);
        if (last is null)
            return DateTimeOffset.UnixEpoch;
        var lookedBack = now - _options.LookBack;
        return last.ReachedLimit || last.To < lookedBack ? last.To : lookedBack;
    }

    private async Task AskNextAsync(ReconciliationRun run, CancellationToken cancellationToken)
    {
        run.PageId = Guid.CreateVersion7(time.GetUtcNow());
        run.Asks = 0;
        if (run.Phase == RunPhase.Orders)
        {
            var page = run.ReachedLimit ? [] : await FinalOrdersAfter(run).OrderBy(x => x.UpdatedAt).ThenBy(x => x.CorrelationId)
                .Take(ReconciliationAddresses.MaxOrders).Select(x => new { x.CorrelationId, x.UpdatedAt }).ToListAsync(cancellationToken);
            if (page.Count > 0)
            {
                run.Orders += page.Count;
                (run.EndAt, run.EndOrderId) = (page[^1].UpdatedAt, page[^1].CorrelationId);
                run.AwaitsReservations = run.AwaitsNotifications = true;
                await AskAsync(run, [.. page.Select(x => x.CorrelationId)], cancellationToken);
                return;
            }

            (run.Phase, run.AfterAt, run.AfterOrderId) = (RunPhase.Reservations, run.From, Guid.Empty);
        }

        run.AwaitsReservations = true;
        await AskAsync(run, [], cancellationToken);
    }

    private async Task AskAsync(ReconciliationRun run, List<Guid> orderIds, CancellationToken cancellationToken)
    {
        run.AskedAt = time.GetUtcNow();
        run.Asks++;
        if (run.AwaitsReservations)
        {
            var inventory = await bus.GetSendEndpoint(ReconciliationAddresses.Inventory);
            if (run.Phase == RunPhase.Orders)
                await inventory.Send(new ReportReservations(run.RunId, run.PageId, orderIds), cancellationToken);
            else
                await inventory.Send(new ReportChangedReservations(run.RunId, run.PageId, run.After, run.To), cancellationToken);
        }

        if (run.AwaitsNotifications)
        {
            var notifications = await bus.GetSendEndpoint(ReconciliationAddresses.Notifications);
            await notifications.Send(new ReportNotifications(run.RunId, run.PageId, orderIds), cancellationToken);
        }
    }

    private async Task EndAsync(ReconciliationRun run, CancellationToken cancellationToken)
    {
        await report.AddAsync(run, await ownLedgers.FindAsync(run, _options.MaxDiscrepancies, cancellationToken), cancellationToken);
        var now = time.GetUtcNow();
        run.End(RunStatus.Completed, now);
        var before = now - _options.Retention;
        await context.ReconciliationRuns.Where(x => x.StartedAt < before).ExecuteDeleteAsync(cancellationToken);
        logger.LogInformation("Reconciliation {RunId} completed: {Found} discrepancies in {Orders} orders and {Reservations} reservations, {Repaired} repaired",
            run.RunId, run.Found, run.Orders, run.Reservations, run.Repaired);
    }
}
