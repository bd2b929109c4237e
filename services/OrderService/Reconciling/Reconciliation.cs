using MassTransit;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OrderSample.Contracts.Reconciling;
using OrderSample.Contracts.Reconciling.Commands;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.RefundingPayment;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.OrderService.Reconciling;

/// <summary>
/// Takes a run from page to page. Whoever calls saves: the run's row, what it found, its questions and its repairs are
/// one transaction.
/// </summary>
internal sealed class Reconciliation(
    OrderDbContext context, ISendEndpointProvider bus, OwnLedgers ownLedgers, Arrivals arrivals, Report report, IDatabaseProvider database,
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
        var (watermark, unjudgedFrom) = await WatermarkAsync(now, cancellationToken);
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
            UnjudgedFrom = unjudgedFrom < begin ? unjudgedFrom : null,
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
            (run.Phase, run.AfterOrderId) = (RunPhase.Earlier, Guid.Empty);
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
        await AskAsync(run, await OrderIdsOfPageAsync(run, cancellationToken), cancellationToken);
    }

    /// <summary>The orders of the current page as they are now; of earlier findings, those that there are.</summary>
    public Task<List<LedgerOrder>> PageAsync(ReconciliationRun run, CancellationToken cancellationToken)
    {
        var earlier = EarlierOf(run);
        var orders = run.Phase == RunPhase.Orders ? OrdersOf(run) : context.OrderStates.AsNoTracking().Where(x => earlier.Contains(x.CorrelationId));
        return ownLedgers.ReadAsync(orders, run.To, cancellationToken);
    }

    /// <summary>The orders that the current page asks about; none when it asks what has changed.</summary>
    public Task<List<Guid>> OrderIdsOfPageAsync(ReconciliationRun run, CancellationToken cancellationToken) => run.Phase switch
    {
        RunPhase.Orders => OrdersOf(run).Select(x => x.CorrelationId).ToListAsync(cancellationToken),
        RunPhase.Earlier => EarlierOf(run).ToListAsync(cancellationToken),
        _ => Task.FromResult<List<Guid>>([]),
    };

    private IQueryable<OrderState> OrdersOf(ReconciliationRun run) =>
        OrdersAfter(run).Where(x => x.UpdatedAt < run.EndAt || (x.UpdatedAt == run.EndAt && x.CorrelationId.CompareTo(run.EndOrderId) <= 0));

    private IQueryable<OrderState> OrdersAfter(ReconciliationRun run) =>
        context.OrderStates.AsNoTracking().Where(x => x.UpdatedAt <= run.To
            && x.UpdatedAt >= run.AfterAt && (x.UpdatedAt > run.AfterAt || x.CorrelationId.CompareTo(run.AfterOrderId) > 0));

    private IQueryable<Guid> EarlierOf(ReconciliationRun run) => EarlierAfter(run).Where(id => id.CompareTo(run.EndOrderId) <= 0);

    private IQueryable<Guid> EarlierAfter(ReconciliationRun run) => context.Discrepancies
        .Where(x => x.ResolvedAt == null && x.RunId != run.RunId && x.OrderId.CompareTo(run.AfterOrderId) > 0).Select(x => x.OrderId).Distinct();

    /// <returns>Where the next run begins, and from where on something was not judged that lies before.</returns>
    private async Task<(DateTimeOffset Begin, DateTimeOffset? UnjudgedFrom)> WatermarkAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        var last = await context.ReconciliationRuns.AsNoTracking().Where(x => x.Status == RunStatus.Completed && x.MovesWatermark)
            .OrderByDescending(x => x.StartedAt).FirstOrDefaultAsync(cancellationToken);
        if (last is null)
            return (DateTimeOffset.UnixEpoch, null);
        // One that has to be carried on comes first: what was not judged must not hold up what was not looked at.
        if (last.ReachedLimit)
            return (last.To, last.UnjudgedFrom);
        var lookedBack = now - _options.LookBack;
        var begin = last.To < lookedBack ? last.To : lookedBack;
        return (last.UnjudgedFrom < begin ? last.UnjudgedFrom.Value : begin, null);
    }

    private async Task AskNextAsync(ReconciliationRun run, CancellationToken cancellationToken)
    {
        run.PageId = Guid.CreateVersion7(time.GetUtcNow());
        run.Asks = 0;
        if (run.Phase == RunPhase.Orders)
        {
            var page = run.ReachedLimit ? [] : await OrdersAfter(run).OrderBy(x => x.UpdatedAt).ThenBy(x => x.CorrelationId)
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

        if (run.Phase == RunPhase.Earlier)
        {
            var page = await EarlierAfter(run).OrderBy(id => id).Take(ReconciliationAddresses.MaxOrders).ToListAsync(cancellationToken);
            if (page.Count == 0)
            {
                await EndAsync(run, cancellationToken);
                return;
            }

            run.EndOrderId = page[^1];
            run.AwaitsNotifications = true;
        }

        run.AwaitsReservations = true;
        await AskAsync(run, await OrderIdsOfPageAsync(run, cancellationToken), cancellationToken);
    }

    private async Task AskAsync(ReconciliationRun run, List<Guid> orderIds, CancellationToken cancellationToken)
    {
        run.AskedAt = time.GetUtcNow();
        run.Asks++;
        if (run.AwaitsReservations)
        {
            var inventory = await bus.GetSendEndpoint(ReconciliationAddresses.Inventory);
            if (run.Phase == RunPhase.Reservations)
                await inventory.Send(new ReportChangedReservations(run.RunId, run.PageId, run.After, run.To, arrivals.AsOf), cancellationToken);
            else
                await inventory.Send(new ReportReservations(run.RunId, run.PageId, orderIds, arrivals.AsOf), cancellationToken);
        }

        if (run.AwaitsNotifications)
        {
            var notifications = await bus.GetSendEndpoint(ReconciliationAddresses.Notifications);
            await notifications.Send(new ReportNotifications(run.RunId, run.PageId, orderIds, arrivals.AsOf), cancellationToken);
        }
    }

    private async Task EndAsync(ReconciliationRun run, CancellationToken cancellationToken)
    {
        run.Phase = RunPhase.Over;
        await AddOwnAsync(run, cancellationToken);
        var now = time.GetUtcNow();
        run.End(RunStatus.Completed, now);
        var before = now - _options.Retention;
        await context.ReconciliationRuns.Where(x => x.StartedAt < before).ExecuteDeleteAsync(cancellationToken);
        logger.LogInformation("Reconciliation {RunId} completed: {Found} discrepancies in {Orders} orders and {Reservations} reservations, {Repaired} repaired",
            run.RunId, run.Found, run.Orders, run.Reservations, run.Repaired);
    }

    /// <summary>What shows without another ledger. First what has arrived, then what came of it.</summary>
    private async Task AddOwnAsync(ReconciliationRun run, CancellationToken cancellationToken)
    {
        var (atSaga, atRefunds) = (arrivals.At(OrderSagaDefinition.Queue), arrivals.At(RefundConsumer.Queue));
        var stuck = await ownLedgers.FindStuckAsync(run, _options.MaxDiscrepancies, cancellationToken);
        await report.AddAsync(run, stuck, atSaga, lookAgainFrom: null, cancellationToken);
        var payments = (await ownLedgers.FindPaymentsAsync(run, _options.MaxDiscrepancies, cancellationToken)).ToLookup(x => x.Kind);
        await report.AddAsync(run, [.. payments[DiscrepancyKind.PaymentWithoutEffect]], atSaga, run.From, cancellationToken);
        await report.AddAsync(run, [.. payments[DiscrepancyKind.RefundMissing]], atRefunds, run.From, cancellationToken);
    }
}
