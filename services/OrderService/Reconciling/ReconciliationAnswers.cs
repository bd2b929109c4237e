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
internal sealed class ReconciliationAnswers(OrderDbContext context, Reconciliation reconciliation, OwnLedgers ownLedgers, Report report)
    : IConsumer<ReservationsReported>, IConsumer<NotificationsReported>
{
    public const string Queue = "order-reconciliation";

    public async Task Consume(ConsumeContext<ReservationsReported> message)
    {
        var answer = message.Message;
        var run = await FindAsync(answer.RunId, answer.PageId, message.CancellationToken);
        if (run is not { AwaitsReservations: true })
            return;

        run.AwaitsReservations = false;
        if (run.Phase == RunPhase.Orders)
        {
            var orders = await reconciliation.PageAsync(run, message.CancellationToken);
            await report.AddAsync(run, LedgerComparison.OrdersWithReservations(orders, answer.Reservations), message.CancellationToken);
            await reconciliation.AdvanceAsync(run, End(run), message.CancellationToken);
        }
        else
        {
            var orders = await ownLedgers.ReadAsync([.. answer.Reservations.Select(x => x.OrderId)], run.To, message.CancellationToken);
            run.Reservations += answer.Reservations.Count;
            await report.AddAsync(run, LedgerComparison.ReservationsWithOrders(answer.Reservations, orders), message.CancellationToken);
            await reconciliation.AdvanceAsync(run, answer.Next, message.CancellationToken);
        }
    }

    public async Task Consume(ConsumeContext<NotificationsReported> message)
    {
        var answer = message.Message;
        var run = await FindAsync(answer.RunId, answer.PageId, message.CancellationToken);
        if (run is not { AwaitsNotifications: true })
            return;

        run.AwaitsNotifications = false;
        var orders = await reconciliation.PageAsync(run, message.CancellationToken);
        await report.AddAsync(run, LedgerComparison.OrdersWithNotifications(orders, answer.Complete), message.CancellationToken);
        await reconciliation.AdvanceAsync(run, End(run), message.CancellationToken);
    }

    private static LedgerPosition End(ReconciliationRun run) => new(run.EndAt, run.EndOrderId);

    private Task<ReconciliationRun?> FindAsync(Guid runId, Guid pageId, CancellationToken cancellationToken) =>
        context.ReconciliationRuns.SingleOrDefaultAsync(x => x.RunId == runId && x.PageId == pageId, cancellationToken);
}
