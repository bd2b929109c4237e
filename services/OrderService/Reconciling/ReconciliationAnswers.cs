using MassTransit;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Reconciling;
using OrderSample.Contracts.Reconciling.Events;
using OrderSample.OrderService.Data;

namespace OrderSample.OrderService.Reconciling;

/// <summary>
/// Takes the other ledgers' answers. An answer that is not waited for any more is left alone, whether the run is over or
/// the page was asked for twice.
/// </summary>
internal sealed class ReconciliationAnswers(OrderDbContext context, Reconciliation reconciliation, OwnLedgers ownLedgers, Arrivals arrivals, Report report)
    : IConsumer<ReservationsReported>, IConsumer<NotificationsReported>
{
    public const string Queue = "order-reconciliation";

    private static readonly DiscrepancyKind[] Own = [DiscrepancyKind.OrderStuck, DiscrepancyKind.PaymentWithoutEffect, DiscrepancyKind.RefundMissing];

    private static readonly DiscrepancyKind[] Stock =
    [
        DiscrepancyKind.StockHeld, DiscrepancyKind.StockCommitted, DiscrepancyKind.OrderUnknown, DiscrepancyKind.StockNotCommitted, DiscrepancyKind.QuantitiesDiffer,
    ];

    private static readonly DiscrepancyKind[] Notices = [DiscrepancyKind.NotificationMissing];

    public async Task Consume(ConsumeContext<ReservationsReported> message)
    {
        var answer = message.Message;
        var run = await FindAsync(answer.RunId, answer.PageId, message.CancellationToken);
        if (run is not { AwaitsReservations: true })
            return;

        run.AwaitsReservations = false;
        List<LedgerOrder> orders = [];
        if (run.Phase == RunPhase.Reservations)
            run.Reservations += answer.Reservations.Count;
        else
            orders = await reconciliation.PageAsync(run, message.CancellationToken);
        // Whatever the page held when the question was asked: an order that has moved since has left it, and is there all the same.
        var others = answer.Reservations.Select(x => x.OrderId).Except(orders.Select(x => x.OrderId)).ToList();
        if (others.Count > 0)
            orders.AddRange(await ownLedgers.ReadAsync(others, run.To, message.CancellationToken));
        var found = LedgerComparison.ReservationsWithOrders(answer.Reservations, orders).ToList();
        await report.AddAsync(run, found, arrivals.At("inventory", answer.TakenUntil, answer.Backlog), run.AfterAt, message.CancellationToken);
        if (run.Phase == RunPhase.Earlier)
        {
            var orderIds = await reconciliation.OrderIdsOfPageAsync(run, message.CancellationToken);
            var own = await ownLedgers.StillWrongAsync(orderIds, message.CancellationToken);
            await report.ResolveAsync(run, orderIds, [.. Own, .. Stock], [.. own, .. Seen(found, orders, Stock)], message.CancellationToken);
        }

        await reconciliation.AdvanceAsync(run, run.Phase == RunPhase.Reservations ? answer.Next : End(run), message.CancellationToken);
    }

    public async Task Consume(ConsumeContext<NotificationsReported> message)
    {
        var answer = message.Message;
        var run = await FindAsync(answer.RunId, answer.PageId, message.CancellationToken);
        if (run is not { AwaitsNotifications: true })
            return;

        run.AwaitsNotifications = false;
        var orders = await reconciliation.PageAsync(run, message.CancellationToken);
        var found = LedgerComparison.OrdersWithNotifications(orders, answer.Complete).ToList();
        await report.AddAsync(run, found, arrivals.At("notification service", answer.TakenUntil, answer.Backlog), run.AfterAt, message.CancellationToken);
        if (run.Phase == RunPhase.Earlier)
        {
            var orderIds = await reconciliation.OrderIdsOfPageAsync(run, message.CancellationToken);
            await report.ResolveAsync(run, orderIds, Notices, Seen(found, orders, Notices), message.CancellationToken);
        }

        await reconciliation.AdvanceAsync(run, End(run), message.CancellationToken);
    }

    /// <summary>What was found, and all that nothing is said about.</summary>
    private static HashSet<(Guid OrderId, DiscrepancyKind Kind)> Seen(IEnumerable<Finding> found, IEnumerable<LedgerOrder> orders, DiscrepancyKind[] kinds) =>
        [.. found.Select(x => (x.OrderId, x.Kind)), .. orders.Where(x => x.Moved).SelectMany(x => kinds.Select(kind => (x.OrderId, kind)))];

    private static LedgerPosition End(ReconciliationRun run) => new(run.EndAt, run.EndOrderId);

    private Task<ReconciliationRun?> FindAsync(Guid runId, Guid pageId, CancellationToken cancellationToken) =>
        context.ReconciliationRuns.SingleOrDefaultAsync(x => x.RunId == runId && x.PageId == pageId, cancellationToken);
}
