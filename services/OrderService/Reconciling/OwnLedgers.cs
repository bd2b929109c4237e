using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.OrderService.Reconciling;

/// <summary>Reads the order service's own ledgers: orders, payments, and what is scheduled.</summary>
internal sealed class OwnLedgers(OrderDbContext context, IOptions<SagaOptions> saga)
{
    /// <summary>How long each moving state waits until its timeout is due.</summary>
    private readonly (string State, TimeSpan Wait)[] _moving =
    [
        (OrderStatuses.NotBegun, TimeSpan.Zero),
        (nameof(OrderStatus.Submitted), saga.Value.StockTimeout),
        (nameof(OrderStatus.AwaitingPayment), saga.Value.PaymentTimeout),
        (nameof(OrderStatus.Confirming), saga.Value.ConfirmTimeout),
        (nameof(OrderStatus.Cancelling), saga.Value.ReleaseTimeout),
    ];

    /// <summary>What the comparison needs to know about orders that have not moved since <paramref name="to"/>, and that others have.</summary>
    public static async Task<List<LedgerOrder>> ReadAsync(IQueryable<OrderState> orders, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var rows = await orders.Select(x => new { x.CorrelationId, x.CurrentState, x.Lines, Moved = x.UpdatedAt > to }).ToListAsync(cancellationToken);
        return [.. rows.Select(x => new LedgerOrder(x.CorrelationId, OrderStatuses.Of(x.CurrentState), x.Lines, x.Moved))];
    }

    /// <summary>The orders with these ids, those that there are.</summary>
    public Task<List<LedgerOrder>> ReadAsync(IReadOnlyCollection<Guid> orderIds, DateTimeOffset to, CancellationToken cancellationToken) =>
        ReadAsync(context.OrderStates.AsNoTracking().Where(x => orderIds.Contains(x.CorrelationId)), to, cancellationToken);

    /// <summary>Discrepancies that show without another ledger, at most <paramref name="limit"/> of a kind.</summary>
    public async Task<List<Finding>> FindAsync(ReconciliationRun run, int limit, CancellationToken cancellationToken)
    {
        var found = new List<Finding>();
        foreach (var (state, wait) in _moving)
            found.AddRange(await FindStuckAsync(state, run.To - wait, limit - found.Count, cancellationToken));
        found.AddRange(await FindPaymentsAsync(run, limit, cancellationToken));
        return found;
    }

    /// <summary>
    /// Orders whose time is over, and whose timeout is not on its way any more: a timeout stays in the outbox until the
    /// broker has it, and then has the grace time to arrive.
    /// </summary>
    private async Task<IEnumerable<Finding>> FindStuckAsync(string state, DateTimeOffset before, int limit, CancellationToken cancellationToken)
    {
        var stuck = await context.OrderStates.AsNoTracking()
            .Where(x => x.CurrentState == state && x.UpdatedAt <= before
                && !context.Set<OutboxMessage>().Any(message => message.SchedulingTokenId == x.TimeoutToken && x.TimeoutToken != null))
            .OrderBy(x => x.SubmittedAt).Take(limit)
            .Select(x => new { x.CorrelationId, x.UpdatedAt }).ToListAsync(cancellationToken);
        return stuck.Select(x => new Finding(DiscrepancyKind.OrderStuck, x.CorrelationId,
            $"{OrderStatuses.Of(state)} since {x.UpdatedAt:O}, and no timeout is pending.", Repair.MoveOn));
    }

    /// <summary>Payments that their order neither counts as its own nor gave back.</summary>
    private async Task<IEnumerable<Finding>> FindPaymentsAsync(ReconciliationRun run, int limit, CancellationToken cancellationToken)
    {
        var lost = await (
            from payment in context.Payments.AsNoTracking()
            join state in context.OrderStates on payment.OrderId equals state.CorrelationId
            where payment.ReceivedAt >= run.From && payment.ReceivedAt <= run.To
                && state.PaymentId != payment.PaymentId && !context.Refunds.Any(refund => refund.PaymentId == payment.PaymentId)
            orderby payment.ReceivedAt
            select new { payment.OrderId, payment.PaymentId, payment.Amount, state.CurrentState }).Take(limit).ToListAsync(cancellationToken);
        return lost.DistinctBy(x => x.OrderId).Select(x => new Finding(DiscrepancyKind.PaymentWithoutEffect, x.OrderId,
            $"Payment {x.PaymentId} of {x.Amount} came in, but the order, which is {OrderStatuses.Of(x.CurrentState)}, neither counts it nor gave it back.", Repair.PublishPayment));
    }
}
