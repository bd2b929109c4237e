using MassTransit;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.OrderService.SubmittingOrder;

/// <summary>What became of a submitted order.</summary>
/// <param name="Order">The order as it is stored.</param>
/// <param name="Status">How far it has got.</param>
/// <param name="IsConflict">The id belongs to another order, and nothing was stored.</param>
internal sealed record SubmissionOutcome(Order Order, OrderStatus Status, bool IsConflict);

/// <summary>Stores orders, each together with the event that starts its saga.</summary>
internal sealed class OrderSubmission(OrderDbContext context, IPublishEndpoint publisher, IDatabaseProvider database, TimeProvider time)
{
    /// <summary>
    /// Order, saga row and event are one transaction: each is stored only if all are. The ledger's key decides which of
    /// several identical requests is the first; the others find its order.
    /// </summary>
    public async Task<SubmissionOutcome> SubmitAsync(SubmitOrderRequest request, CancellationToken cancellationToken)
    {
        var order = ToOrder(request, time.GetUtcNow());
        await AddAsync(order, cancellationToken);
        try
        {
            await database.SaveAddedAsync(context, cancellationToken);
            return Stored(order);
        }
        catch (DbUpdateException exception) when (database.IsUniqueViolation(exception))
        {
            context.ChangeTracker.Clear();
            return (await FindAsync([order], cancellationToken))[order.OrderId];
        }
    }

    /// <summary>All in one transaction; none is stored if one of them conflicts. No id comes twice.</summary>
    /// <exception cref="DbUpdateException">Another request stored one of the orders at the same moment; none is stored here.</exception>
    public async Task<IReadOnlyList<SubmissionOutcome>> SubmitAllAsync(IReadOnlyList<Order> orders, CancellationToken cancellationToken)
    {
        var known = await FindAsync(orders, cancellationToken);
        SubmissionOutcome[] outcomes = [.. orders.Select(order => known.GetValueOrDefault(order.OrderId) ?? Stored(order))];
        if (outcomes.Any(outcome => outcome.IsConflict))
            return outcomes;

        foreach (var order in orders.Where(order => !known.ContainsKey(order.OrderId)))
            await AddAsync(order, cancellationToken);
        await database.SaveAddedAsync(context, cancellationToken);
        return outcomes;
    }

    /// <summary>The order that a valid request asks for.</summary>
    public static Order ToOrder(SubmitOrderRequest request, DateTimeOffset now)
    {
        OrderLine[] lines = [.. request.Lines!.Select(line => new OrderLine(line!.Sku!, line.Quantity!.Value, Money.WithCents(line.UnitPrice!.Value)))];
        return new Order
        {
            OrderId = request.OrderId ?? Guid.CreateVersion7(now),
            Customer = new Customer(request.Customer!.Name!, request.Customer.Email!, request.Customer.Phone),
            Lines = lines,
            Total = Money.WithCents(lines.Sum(line => line.Quantity * line.UnitPrice)),
            SubmittedAt = now,
            TraceParent = OrderScope.TraceParent,
        };
    }

    private Task AddAsync(Order order, CancellationToken cancellationToken)
    {
        context.Orders.Add(order);
        context.OrderedSkus.AddRange(OrderedSku.Of(order));
        context.OrderStates.Add(ToState(order));
        return publisher.Publish(
            new OrderSubmitted(order.OrderId, order.Customer, order.Lines, order.Total, order.SubmittedAt), cancellationToken);
    }

    /// <summary>Those of the orders whose ids are taken, by id, each with the order that has it.</summary>
    private async Task<Dictionary<Guid, SubmissionOutcome>> FindAsync(IEnumerable<Order> repeated, CancellationToken cancellationToken)
    {
        var byId = repeated.ToDictionary(order => order.OrderId);
        Guid[] ids = [.. byId.Keys];
        var found = await (
            from order in context.Orders.AsNoTracking()
            join state in context.OrderStates on order.OrderId equals state.CorrelationId
            where ids.Contains(order.OrderId)
            select new { Order = order, state.CurrentState }).ToListAsync(cancellationToken);
        return found.ToDictionary(first => first.Order.OrderId, first => new SubmissionOutcome(
            first.Order, OrderStatuses.Of(first.CurrentState), !first.Order.HasSameContentAs(byId[first.Order.OrderId])));
    }

    private static SubmissionOutcome Stored(Order order) => new(order, OrderStatus.Submitted, IsConflict: false);

    private static OrderState ToState(Order order)
    {
        var state = new OrderState
        {
            CorrelationId = order.OrderId,
            Customer = order.Customer,
            Lines = OrderStateMachine.StockLines(order.Lines),
            Total = order.Total,
            SubmittedAt = order.SubmittedAt,
            InStateSince = order.SubmittedAt,
        };
        state.Record(order.SubmittedAt, nameof(OrderSubmitted));
        return state;
    }
}
