using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.OrderService.ReadingOrders;

/// <summary>How many orders are in a state, and what they come to.</summary>
/// <param name="Status">The state.</param>
/// <param name="Count">How many were counted.</param>
/// <param name="Total">The amount to pay for those, together.</param>
/// <param name="AtLeast">Whether there may be more: no more were counted.</param>
public sealed record StatusCount(OrderStatus Status, int Count, decimal Total, bool AtLeast);

/// <summary>How many orders are where.</summary>
/// <param name="States">Each state's count.</param>
/// <param name="CompletedPerSecond">Orders completed per second, over the last five; of all orders.</param>
/// <param name="CancelledPerSecond">Orders cancelled per second, likewise.</param>
/// <param name="SentAgain">Commands that were sent again for orders that still wait for the answer; of all orders.</param>
public sealed record OrderCounts(IReadOnlyList<StatusCount> States, double CompletedPerSecond, double CancelledPerSecond, int SentAgain);

/// <summary>Counts orders for a display, by indexes alone and never all: a million completed ones cost no more than the limit.</summary>
internal static class CountOrders
{
    /// <summary>A state with more orders than this is said to have so many.</summary>
    private const int Limit = 100_000;

    /// <summary>Of more orders than this that a search finds, only the newest are counted.</summary>
    private const int SearchLimit = 1_000;

    /// <summary>In which an order waits for an answer of the inventory service.</summary>
    private static readonly string[] WaitingForStock =
        [.. new[] { OrderStatus.Submitted, OrderStatus.Confirming, OrderStatus.Cancelling }.SelectMany(OrderStatuses.StatesOf)];

    private static readonly TimeSpan RateTime = TimeSpan.FromSeconds(5);

    public static void MapCountingOrders(this IEndpointRouteBuilder app) =>
        OrderFilter.Describe(app.MapGet("/orders/counts", CountAsync).WithName("CountOrders").WithTags("Orders"))
            .WithSummary("Count orders by status")
            .WithDescription($"Each status is counted up to {Limit}. Of what is searched for, the newest {SearchLimit} orders are counted. `atLeast` says that there may be more.")
            .WithResponse(StatusCodes.Status200OK, "The number and total of orders in each status, how many are completed and cancelled per second, and how many commands were sent again.", new OrderCounts(
                [.. Enum.GetValues<OrderStatus>().Select(status => status == OrderStatus.Completed ? new StatusCount(status, 1_250, 31_240.50m, false) : new StatusCount(status, 0, 0, false))], 12.4, 0.2, 3))
            .WithErrors(ErrorsOf("a"));

    private static async Task<Results<Ok<OrderCounts>, ValidationProblem>> CountAsync(
        string? search, string? from, string? to, OrderDbContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var filter = OrderFilter.Parse(null, search, from, to, errors);
        if (!errors.None)
            return errors.ToResult();

        var states = await (filter.Search is null ? CountEach(context, filter) : CountFound(context, filter)).ToListAsync(cancellationToken);
        var counts = Enum.GetValues<OrderStatus>().Select(status => Of(status, states, isSearch: filter.Search is not null)).ToList();
        return TypedResults.Ok(new OrderCounts(counts, await PerSecondAsync(OrderStatus.Completed), await PerSecondAsync(OrderStatus.Cancelled), await SentAgainAsync(context, cancellationToken)));

        // An order that has ended is hardly ever changed again.
        async Task<double> PerSecondAsync(OrderStatus status)
        {
            var (state, since) = (status.ToString(), time.GetUtcNow() - RateTime);
            return await context.OrderStates.CountAsync(order => order.UpdatedAt >= since && order.CurrentState == state, cancellationToken) / RateTime.TotalSeconds;
        }
    }

    /// <summary>In one round trip: it is asked for every few seconds.</summary>
    private static Task<int> SentAgainAsync(OrderDbContext context, CancellationToken cancellationToken) =>
        context.OrderStates.Where(order => WaitingForStock.Contains(order.CurrentState)).OrderBy(order => order.SubmittedAt).Take(Limit).SumAsync(order => order.Resends, cancellationToken);

    /// <summary>Each state's newest orders. One state at a time: the index has the orders of each in their order, and their totals.</summary>
    internal static IQueryable<StateCount> CountEach(OrderDbContext context, OrderFilter filter) => Count(
        Enum.GetValues<OrderStatus>().SelectMany(OrderStatuses.StatesOf).Select(state => context.FindNewest(filter with { States = [state] }, null, Limit)).Aggregate(Queryable.Concat));

    /// <summary>The newest orders that a search finds, by their states.</summary>
    internal static IQueryable<StateCount> CountFound(OrderDbContext context, OrderFilter filter) => Count(context.FindNewest(filter, null, SearchLimit));

    private static StatusCount Of(OrderStatus status, List<StateCount> counted, bool isSearch)
    {
        var own = counted.Where(state => OrderStatuses.Of(state.State) == status).ToList();
        var count = own.Sum(state => state.Count);
        return new StatusCount(status, count, own.Sum(state => state.Total), AtLeast: isSearch ? counted.Sum(state => state.Count) == SearchLimit : count >= Limit);
    }

    private static IQueryable<StateCount> Count(IQueryable<FoundOrder> orders) =>
        orders.GroupBy(order => order.State).Select(group => new StateCount(group.Key, group.Count(), group.Sum(order => order.Total)));

    private static ValidationErrors ErrorsOf(string search)
    {
        var errors = new ValidationErrors();
        OrderFilter.Parse(null, search, null, null, errors);
        return errors;
    }

    internal sealed record StateCount(string State, int Count, decimal Total);
}
