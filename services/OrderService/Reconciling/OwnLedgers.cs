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
    public async Task<List<LedgerOrder>> ReadAsync(IQueryable<OrderState> orders, DateTimeOffset to, CancellationToken cancellationToken)
    {
        var rows = await orders.Select(x => new
        {
            x.CorrelationId,
            x.CurrentState,
            x.Lines,
            x.UpdatedAt,
            x.ReservedAt,
            Refunds = context.Refunds.Where(refund => refund.OrderId == x.CorrelationId).Select(refund => new LedgerRefund(refund.PaymentId, refund.RefundedAt)).ToList(),
        }).ToListAsync(cancellationToken);
        return [.. rows.Select(x => new LedgerOrder(x.CorrelationId, OrderStatuses.Of(x.CurrentState), x.Lines, x.UpdatedAt, x.ReservedAt, x.Refunds, x.UpdatedAt > to))];
    }

    /// <summary>The orders with these ids, those that there are.</summary>
    public Task<List<LedgerOrder>> ReadAsync(IReadOnlyCollection<Guid> orderIds, DateTimeOffset to, CancellationToken cancellationToken) =>
        ReadAsync(context.OrderStates.AsNoTracking().Where(x => orderIds.Contains(x.CorrelationId)), to, cancellationToken);

    /// <summary>Orders that wait in vain, at most <paramref name="limit"/>.</summary>
    public async Task<List<Finding>> FindStuckAsync(ReconciliationRun run, int limit, CancellationToken cancellationToken)
    {
        var found = new List<Finding>();
        foreach (var (state, wait) in _moving)
        {
            var before = run.To - wait;
            var stuck = await Waiting().Where(x => x.CurrentState == state && x.UpdatedAt <= before)
                .OrderBy(x => x.SubmittedAt).Take(limit - found.Count)
                .Select(x => new { x.CorrelationId, x.UpdatedAt }).ToListAsync(cancellationToken);
            found.AddRange(stuck.Select(x => new Finding(DiscrepancyKind.OrderStuck, x.CorrelationId,
                $"{OrderStatuses.Of(state)} since {x.UpdatedAt:O}, and no timeout is pending.", x.UpdatedAt + wait, Repair.MoveOn)));
        }

        return found;
    }

    /// <summary>
    /// Payments that are neither kept nor, by the ledger, given back, at most <paramref name="limit"/> of a kind. One that the order never
    /// heard of shows by when it came in, one whose refund was lost by when the order gave it back, which may be long after.
    /// </summary>
    public async Task<List<Finding>> FindPaymentsAsync(ReconciliationRun run, int limit, CancellationToken cancellationToken)
    {
        var came = await Loose().Where(x => x.Payment.ReceivedAt >= run.From && x.Payment.ReceivedAt <= run.To).OrderBy(x => x.Payment.ReceivedAt).Take(limit).ToListAsync(cancellationToken);
        var moved = await Loose().Where(x => x.UpdatedAt >= run.From && x.UpdatedAt <= run.To).OrderBy(x => x.UpdatedAt).Take(limit).ToListAsync(cancellationToken);
        // What is younger may still be on its way.
        return [.. came.Concat(moved).Select(Judge).Where(x => x.Since <= run.To).DistinctBy(x => (x.OrderId, x.Kind))];
    }

    /// <summary>What of these orders still shows without another ledger, whether or not it would be judged.</summary>
    public async Task<HashSet<(Guid OrderId, DiscrepancyKind Kind)>> StillWrongAsync(IReadOnlyCollection<Guid> orderIds, CancellationToken cancellationToken)
    {
        var states = _moving.Select(x => x.State).ToArray();
        var stuck = await Waiting().Where(x => orderIds.Contains(x.CorrelationId) && states.Contains(x.CurrentState)).Select(x => x.CorrelationId).ToListAsync(cancellationToken);
        var loose = await Loose().Where(x => orderIds.Contains(x.Payment.OrderId)).ToListAsync(cancellationToken);
        return [.. stuck.Select(id => (id, DiscrepancyKind.OrderStuck)), .. loose.Select(Judge).Select(x => (x.OrderId, x.Kind))];
    }

    /// <summary>Orders whose timeout has left the outbox, or never was there.</summary>
    private IQueryable<OrderState> Waiting() => context.OrderStates.AsNoTracking().Where(x =>
        !context.Set<OutboxMessage>().Any(message => EF.Property<Guid?>(message, OutboxRows.SchedulingTokenId) == x.TimeoutToken && x.TimeoutToken != null));

    private IQueryable<LoosePayment> Loose() =>
        from payment in context.Payments.AsNoTracking()
        join state in context.OrderStates on payment.OrderId equals state.CorrelationId
        where !(state.PaymentId == payment.PaymentId && Keeping.Contains(state.CurrentState))
            && !context.Refunds.Any(refund => refund.PaymentId == payment.PaymentId)
        select new LoosePayment { Payment = payment, State = state.CurrentState, Refunds = state.Refunds, UpdatedAt = state.UpdatedAt };

    private static Finding Judge(LoosePayment loose)
    {
        var payment = loose.Payment;
        var status = OrderStatuses.Of(loose.State);
        return loose.Refunds.Contains(payment.PaymentId)
            ? new Finding(DiscrepancyKind.RefundMissing, payment.OrderId,
                $"The order, which is {status}, gave payment {payment.PaymentId} of {payment.Amount} back, but there is no refund.", loose.UpdatedAt, Repair.PublishRefund)
            : new Finding(DiscrepancyKind.PaymentWithoutEffect, payment.OrderId,
                $"Payment {payment.PaymentId} of {payment.Amount} came in, but the order, which is {status}, neither counts it nor gave it back.", payment.ReceivedAt, Repair.PublishPayment);
    }

    private sealed class LoosePayment
    {
        public required Payment Payment { get; init; }

        public required string State { get; init; }

        public required IReadOnlyList<Guid> Refunds { get; init; }

        public required DateTimeOffset UpdatedAt { get; init; }
    }
}
