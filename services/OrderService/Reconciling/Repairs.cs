using MassTransit;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.OrderService.Reconciling;

/// <summary>
/// Repairs by the commands and events that should have come through in the first place. Whoever takes them takes them
/// twice without harm, so a repair that was not needed has no effect.
/// </summary>
internal sealed class Repairs(OrderDbContext context, IPublishEndpoint publisher, ISendEndpointProvider bus)
{
    public async Task MakeAsync(Repair repair, Guid orderId, CancellationToken cancellationToken)
    {
        switch (repair)
        {
            case Repair.ReleaseStock:
                var inventory = await bus.GetSendEndpoint(InventoryAddresses.Reservations);
                await inventory.Send(new ReleaseStock(orderId), cancellationToken);
                break;
            case Repair.PublishOutcome:
                await PublishAsync(Outcome(await OrderAsync(orderId, cancellationToken)), cancellationToken);
                break;
            case Repair.MoveOn:
                await PublishAsync(await NextStepAsync(await OrderAsync(orderId, cancellationToken), cancellationToken), cancellationToken);
                break;
            case Repair.PublishPayment:
                var payments = await context.Payments.AsNoTracking().Where(x => x.OrderId == orderId).ToListAsync(cancellationToken);
                foreach (var payment in payments)
                    await publisher.Publish(new PaymentReceived(orderId, payment.PaymentId, payment.Amount, payment.ReceivedAt), cancellationToken);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(repair), repair, "There is no such repair.");
        }
    }

    private static object? Outcome(OrderState order) => OrderStatuses.Of(order.CurrentState) switch
    {
        OrderStatus.Completed => new OrderCompleted(order.CorrelationId, order.Customer, order.Total),
        OrderStatus.Rejected => new OrderRejected(order.CorrelationId, order.Customer, order.Total, order.Reason ?? ""),
        OrderStatus.Cancelled => new OrderCancelled(order.CorrelationId, order.Customer, order.Total, order.Reason ?? ""),
        _ => null,
    };

    /// <summary>The event that the order waits for in vain: its first one, or its timeout, which is overdue.</summary>
    private async Task<object?> NextStepAsync(OrderState order, CancellationToken cancellationToken)
    {
        var id = order.CorrelationId;
        if (order.CurrentState == OrderStatuses.NotBegun)
        {
            var placed = await context.Orders.AsNoTracking().SingleAsync(x => x.OrderId == id, cancellationToken);
            return new OrderSubmitted(id, placed.Customer, placed.Lines, placed.Total, placed.SubmittedAt);
        }

        return OrderStatuses.Of(order.CurrentState) switch
        {
            OrderStatus.Submitted => new StockTimeoutExpired(id),
            OrderStatus.AwaitingPayment => new PaymentTimeoutExpired(id),
            OrderStatus.Confirming => new ConfirmTimeoutExpired(id),
            OrderStatus.Cancelling => new ReleaseTimeoutExpired(id),
            _ => null,
        };
    }

    /// <summary>Nothing is published for an order that has moved on in the meantime.</summary>
    private Task PublishAsync(object? message, CancellationToken cancellationToken) =>
        message is null ? Task.CompletedTask : publisher.Publish(message, message.GetType(), cancellationToken);

    private Task<OrderState> OrderAsync(Guid orderId, CancellationToken cancellationToken) =>
        context.OrderStates.AsNoTracking().SingleAsync(x => x.CorrelationId == orderId, cancellationToken);
}
