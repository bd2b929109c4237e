using System.Diagnostics;
using MassTransit;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.Contracts.Reconciling.Events;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.OrderService.Reconciling;

/// <summary>
/// Repairs by the commands and events that should have come through in the first place. Whoever takes them takes them
/// twice without harm, so a repair that was not needed has no effect.
/// </summary>
internal sealed class Repairs(OrderDbContext context, IPublishEndpoint publisher, ISendEndpointProvider bus)
{
    private static readonly ActivitySource Activities = new("OrderSample.Reconciling");

    /// <summary>Makes the repair of a finding that has one.</summary>
    public async Task MakeAsync(Finding finding, CancellationToken cancellationToken)
    {
        var (repair, orderId) = (finding.Repair, finding.OrderId);
        // A scheduled run has no trace; what an order gets from it is part of that order's story.
        Unrecorded.Leave();
        using var span = Activities.StartActivity($"{repair} repair");
        if (span is not null)
            OrderScope.Trace(orderId, await context.Orders.Where(x => x.OrderId == orderId).Select(x => x.TraceParent).FirstOrDefaultAsync(cancellationToken));
        switch (repair)
        {
            case Repair.ReleaseStock:
                var inventory = await bus.GetSendEndpoint(InventoryAddresses.Reservations);
                await inventory.Send(new ReleaseStock(orderId), cancellationToken);
                break;
            case Repair.PublishEvents:
                await PublishEventsAsync(await OrderAsync(orderId, cancellationToken), finding.Untold, cancellationToken);
                break;
            case Repair.MoveOn:
                await MoveOnAsync(await OrderAsync(orderId, cancellationToken), cancellationToken);
                break;
            case Repair.PublishPayment:
                var payments = await context.Payments.AsNoTracking().Where(x => x.OrderId == orderId).ToListAsync(cancellationToken);
                foreach (var payment in payments)
                    await publisher.Publish(new PaymentReceived(orderId, payment.PaymentId, payment.Amount, payment.ReceivedAt), cancellationToken);
                break;
            case Repair.PublishRefund:
                await PublishRefundsAsync(await OrderAsync(orderId, cancellationToken), cancellationToken);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(finding), repair, "There is no such repair.");
        }
    }

    /// <summary>Nobody but the notification service takes these events, and it knows each notice by its order, kind and payment.</summary>
    private async Task PublishEventsAsync(OrderState order, IEnumerable<ReportedNotification> untold, CancellationToken cancellationToken)
    {
        foreach (var notification in untold)
        {
            if (await EventAsync(order, notification, cancellationToken) is { } message)
                await publisher.Publish(message, message.GetType(), cancellationToken);
        }
    }

    /// <returns>Null when the order has moved on in the meantime.</returns>
    private async Task<object?> EventAsync(OrderState order, ReportedNotification notification, CancellationToken cancellationToken) => (notification.Event, order.CurrentState) switch
    {
        (nameof(OrderReserved), _) => new OrderReserved(order.CorrelationId, order.Customer, order.Total),
        (nameof(OrderCompleted), nameof(OrderStatus.Completed)) => new OrderCompleted(order.CorrelationId, order.Customer, order.Total),
        (nameof(OrderRejected), nameof(OrderStatus.Rejected)) => new OrderRejected(order.CorrelationId, order.Customer, order.Total, order.Reason ?? ""),
        (nameof(OrderCancelled), nameof(OrderStatus.Cancelled)) => new OrderCancelled(order.CorrelationId, order.Customer, order.Total, order.Reason ?? ""),
        (nameof(PaymentRefunded), _) => await RefundedAsync(order, Guid.Parse(notification.Reference), cancellationToken),
        _ => null,
    };

    private async Task<PaymentRefunded> RefundedAsync(OrderState order, Guid paymentId, CancellationToken cancellationToken)
    {
        var refund = await context.Refunds.AsNoTracking().SingleAsync(x => x.PaymentId == paymentId, cancellationToken);
        return new PaymentRefunded(order.CorrelationId, paymentId, order.Customer, refund.Amount, refund.Reason);
    }

    /// <summary>Publishes the event that the order waits for in vain: its first one, or its timeout, which is overdue.</summary>
    private async Task MoveOnAsync(OrderState order, CancellationToken cancellationToken)
    {
        var id = order.CorrelationId;
        if (order.CurrentState == OrderStatuses.NotBegun)
        {
            var placed = await context.Orders.AsNoTracking().SingleAsync(x => x.OrderId == id, cancellationToken);
            await publisher.Publish(new OrderSubmitted(id, placed.Customer, placed.Lines, placed.Total, placed.SubmittedAt), cancellationToken);
        }
        else if (Timeout(order) is { } timeout)
        {
            // Like the timeout that was lost, it counts only for as long as the order waits for this very one.
            var token = order.TimeoutToken ?? await NewTimeoutTokenAsync(order, cancellationToken);
            await publisher.Publish(timeout, timeout.GetType(),
                message => message.Headers.Set(MessageHeaders.SchedulingTokenId, token.ToString("D")), cancellationToken);
        }
    }

    private static object? Timeout(OrderState order) => OrderStatuses.Of(order.CurrentState) switch
    {
        OrderStatus.Submitted => new StockTimeoutExpired(order.CorrelationId),
        OrderStatus.AwaitingPayment => new PaymentTimeoutExpired(order.CorrelationId),
        OrderStatus.Confirming => new ConfirmTimeoutExpired(order.CorrelationId),
        OrderStatus.Cancelling => new ReleaseTimeoutExpired(order.CorrelationId),
        _ => null,
    };

    /// <summary>A token for an order that has lost its own, and would take no timeout without.</summary>
    private async Task<Guid> NewTimeoutTokenAsync(OrderState order, CancellationToken cancellationToken)
    {
        var token = NewId.NextGuid();
        await context.OrderStates.Where(x => x.CorrelationId == order.CorrelationId && x.CurrentState == order.CurrentState && x.TimeoutToken == null)
            .ExecuteUpdateAsync(x => x.SetProperty(state => state.TimeoutToken, token), cancellationToken);
        return token;
    }

    private async Task PublishRefundsAsync(OrderState order, CancellationToken cancellationToken)
    {
        var payments = await context.Payments.AsNoTracking()
            .Where(x => x.OrderId == order.CorrelationId && !context.Refunds.Any(refund => refund.PaymentId == x.PaymentId)).ToListAsync(cancellationToken);
        foreach (var payment in payments.Where(x => order.Refunds.Contains(x.PaymentId)))
            await publisher.Publish(OrderEvents.RefundDue(order, payment.PaymentId, payment.Amount), cancellationToken);
    }

    private Task<OrderState> OrderAsync(Guid orderId, CancellationToken cancellationToken) =>
        context.OrderStates.AsNoTracking().SingleAsync(x => x.CorrelationId == orderId, cancellationToken);
}
