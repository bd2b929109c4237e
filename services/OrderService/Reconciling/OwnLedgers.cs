using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.OrderService.Reconciling;

/// <summary>Reads the order service's own ledgers: orders, payments, and what is scheduled.</summary>
internal sealed class OwnLedgers(OrderDbContext context, IOptions<SagaOptions> saga)
{
    /// <summary>States in which an order keeps the payment that it counts as its own.</summary>
    private static readonly string[] Keeping =
    [
        OrderStatuses.NotBegun, nameof(OrderStatus.Submitted), nameof(OrderStatus.AwaitingPayment), nameof(OrderStatus.Confirming), nameof(OrderStatus.Completed),
    ];

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
                && !context.Set<OutboxMessage>().Any(message => EF.Property<Guid?>(message, OutboxRows.SchedulingTokenId) == x.TimeoutToken && x.TimeoutToken != null))
            .OrderBy(x => x.SubmittedAt).Take(limit)
            .Select(x => new { x.CorrelationId, x.UpdatedAt }).ToListAsync(cancellationToken);
        return stuck.Select(x => new Finding(DiscrepancyKind.OrderStuck, x.CorrelationId,
            $"{OrderStatuses.Of(state)} since {x.UpdatedAt:O}, and no timeout is pending.", Repair.MoveOn));
    }

    /// <summary>
    /// Payments that are neither kept nor, by the ledger, given back. One that the order never heard of shows by when it
    /// came in, one whose refund was lost by when the order gave it back, which may be long after.
    /// </summary>
    private async Task<IEnumerable<Finding>> FindPaymentsAsync(ReconciliationRun run, int limit, CancellationToken cancellationToken)
    {
        var loose =
            from payment in context.Payments.AsNoTracking()
            join state in context.OrderStates on payment.OrderId equals state.CorrelationId
            where !(state.PaymentId == payment.PaymentId && Keeping.Contains(state.CurrentState))
                && !context.Refunds.Any(refund => refund.PaymentId == payment.PaymentId)
            select new LoosePayment { Payment = payment, State = state.CurrentState, Refunds = state.Refunds, UpdatedAt = state.UpdatedAt };
        var came = await loose.Where(x => x.Payment.ReceivedAt >= run.From && x.Payment.ReceivedAt <= run.To).OrderBy(x => x.Payment.ReceivedAt).Take(limit).ToListAsync(cancellationToken);
        var moved = await loose.Where(x => x.UpdatedAt >= run.From && x.UpdatedAt <= run.To).OrderBy(x => x.UpdatedAt).Take(limit).ToListAsync(cancellationToken);
        return came.Concat(moved).Select(x => Judge(x, run.To)).OfType<Finding>().DistinctBy(x => (x.OrderId, x.Kind));
    }

    private static Finding? Judge(LoosePayment loose, DateTimeOffset to)
    {
        var payment = loose.Payment;
        var (given, status) = (loose.Refunds.Contains(payment.PaymentId), OrderStatuses.Of(loose.State));
        // What is younger may still be on its way.
        if ((given ? loose.UpdatedAt : payment.ReceivedAt) > to)
            return null;
        return given
            ? new Finding(DiscrepancyKind.RefundMissing, payment.OrderId,
                $"The order, which is {status}, gave payment {payment.PaymentId} of {payment.Amount} back, but there is no refund.", Repair.PublishRefund)
            : new Finding(DiscrepancyKind.PaymentWithoutEffect, payment.OrderId,
                $"Payment {payment.PaymentId} of {payment.Amount} came in, but the order, which is {status}, neither counts it nor gave it back.", Repair.PublishPayment);
    }

    private sealed class LoosePayment
    {
        public required Payment Payment { get; init; }

        public required string State { get; init; }

        public required IReadOnlyList<Guid> Refunds { get; init; }

        public required DateTimeOffset UpdatedAt { get; init; }
    }
}
