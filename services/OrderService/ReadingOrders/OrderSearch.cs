using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.OrderService.ReadingOrders;

/// <summary>An order that was found, as far as lists are ordered and counted by it.</summary>
internal sealed class FoundOrder
{
    public required Guid OrderId { get; init; }

    public required DateTimeOffset SubmittedAt { get; init; }

    public required string State { get; init; }

    public required decimal Total { get; init; }
}

/// <summary>
/// Finds orders by their indexes alone. What is searched for is looked up in each place where it may stand, by a statement part
/// of its own: a single condition over all of them could use no index.
/// </summary>
internal static class OrderSearch
{
    /// <summary>The newest orders that pass, newest first.</summary>
    /// <param name="context">Where they are.</param>
    /// <param name="filter">What they have to pass.</param>
    /// <param name="after">Only orders that come after this one; null for the first ones.</param>
    /// <param name="count">How many at most.</param>
    public static IQueryable<FoundOrder> FindNewest(this OrderDbContext context, OrderFilter filter, (DateTimeOffset SubmittedAt, Guid OrderId)? after, int count) =>
        Places(context, filter.Search)
            .Select(place => Newest(Passing(place, filter, after), count))
            .Aggregate((one, other) => Newest(one.Union(other), count));

    private static IEnumerable<IQueryable<FoundOrder>> Places(OrderDbContext context, string? search)
    {
        if (search is null)
        {
            yield return Found(context.OrderStates);
            yield break;
        }

        yield return Found(context, context.Orders.Where(order => EF.Property<string>(order, SearchColumns.Name).StartsWith(search)));
        yield return Found(context, context.Orders.Where(order => EF.Property<string>(order, SearchColumns.Email).StartsWith(search)));
        yield return Found(context.OrderStates.Where(state => EF.Property<string>(state, SearchColumns.Reason).StartsWith(search)));
        yield return
            from ordered in context.OrderedSkus
            join state in context.OrderStates on ordered.OrderId equals state.CorrelationId
            where ordered.Sku == search
            select new FoundOrder { OrderId = ordered.OrderId, SubmittedAt = ordered.SubmittedAt, State = state.CurrentState, Total = state.Total };
        if (OrderIdPrefix.Parse(search) is { } prefix)
            yield return Found(context, context.OrdersWithIdBeginning(prefix));
        if (Guid.TryParse(search, out var paymentId))
            yield return Found(context, context.Orders.Where(order => context.Payments.Any(payment => payment.PaymentId == paymentId && payment.OrderId == order.OrderId)));
    }

    private static IQueryable<FoundOrder> Found(OrderDbContext context, IQueryable<Order> orders) =>
        Found(orders.Join(context.OrderStates, order => order.OrderId, state => state.CorrelationId, (_, state) => state));

    private static IQueryable<FoundOrder> Found(IQueryable<OrderState> states) =>
        states.Select(state => new FoundOrder { OrderId = state.CorrelationId, SubmittedAt = state.SubmittedAt, State = state.CurrentState, Total = state.Total });

    private static IQueryable<FoundOrder> Passing(IQueryable<FoundOrder> orders, OrderFilter filter, (DateTimeOffset SubmittedAt, Guid OrderId)? after)
    {
        if (filter.States is { } states)
            orders = orders.Where(order => states.Contains(order.State));
        if (filter.From is { } from)
            orders = orders.Where(order => order.SubmittedAt >= from);
        if (filter.To is { } to)
            orders = orders.Where(order => order.SubmittedAt < to);
        if (after is not { } last)
            return orders;
        var (at, id) = last;
        // The first half alone is where an index begins; the second leaves out the orders of the same moment that came before.
        return orders.Where(order => order.SubmittedAt <= at && (order.SubmittedAt < at || order.OrderId.CompareTo(id) < 0));
    }

    private static IQueryable<FoundOrder> Newest(IQueryable<FoundOrder> orders, int count) =>
        orders.OrderByDescending(order => order.SubmittedAt).ThenByDescending(order => order.OrderId).Take(count);
}
