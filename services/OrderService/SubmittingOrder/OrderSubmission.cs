using MassTransit;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.OrderService.SubmittingOrder;

/// <summary>What became of a submitted order.</summary>
/// <param name="Order">The order as it is stored.</param>
/// <param name="Status">How far it has got.</param>
/// <param name="IsConflict">The id belongs to another order, and nothing was stored.</param>
internal sealed record SubmissionOutcome(Order Order, OrderStatus Status, bool IsConflict);

/// <summary>Stores an order together with the event that starts its saga.</summary>
internal sealed class OrderSubmission(OrderDbContext context, IPublishEndpoint publisher, IDatabaseProvider database, TimeProvider time)
{
    /// <summary>
    /// Order, saga row and event are one transaction: each is stored only if all are. The ledger's key decides which of
    /// several identical requests is the first; the others find its order.
    /// </summary>
    public async Task<SubmissionOutcome> SubmitAsync(SubmitOrderRequest request, CancellationToken cancellationToken)
    {
        var order = ToOrder(request);
        context.Orders.Add(order);
        context.OrderStates.Add(ToState(order));
        await publisher.Publish(
            new OrderSubmitted(order.OrderId, order.Customer, order.Lines, order.Total, order.SubmittedAt), cancellationToken);
        try
        {
            await context.SaveChangesAsync(cancellationToken);
            return new SubmissionOutcome(order, OrderStatus.Submitted, IsConflict: false);
        }
        catch (DbUpdateException exception) when (database.IsUniqueViolation(exception))
        {
            context.ChangeTracker.Clear();
            return await FindFirstAsync(order, cancellationToken);
        }
    }

    private async Task<SubmissionOutcome> FindFirstAsync(Order repeated, CancellationToken cancellationToken)
    {
        var first = await (
            from order in context.Orders.AsNoTracking()
            join state in context.OrderStates on order.OrderId equals state.CorrelationId
            where order.OrderId == repeated.OrderId
            select new { Order = order, state.CurrentState }).SingleAsync(cancellationToken);
        return new SubmissionOutcome(first.Order, OrderStatuses.Of(first.CurrentState), !first.Order.HasSameContentAs(repeated));
    }

    private Order ToOrder(SubmitOrderRequest request)
    {
        var now = time.GetUtcNow();
        OrderLine[] lines = [.. request.Lines!.Select(line => new OrderLine(line!.Sku!, line.Quantity!.Value, Money.WithCents(line.UnitPrice!.Value)))];
        return new Order
        {
            OrderId = request.OrderId ?? Guid.CreateVersion7(now),
            Customer = new Customer(request.Customer!.Name!, request.Customer.Email!, request.Customer.Phone),
            Lines = lines,
            Total = Money.WithCents(lines.Sum(line => line.Quantity * line.UnitPrice)),
            SubmittedAt = now,
        };
    }

    private static OrderState ToState(Order order)
    {
        var state = new OrderState
        {
            CorrelationId = order.OrderId,
            Customer = order.Customer,
            Lines = OrderStateMachine.StockLines(order.Lines),
            Total = order.Total,
            SubmittedAt = order.SubmittedAt,
        };
        state.Record(order.SubmittedAt, nameof(OrderSubmitted));
        return state;
    }
}
