using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.OrderService.ReadingOrders;

/// <summary>How many orders are in a state.</summary>
/// <param name="Status">The state.</param>
/// <param name="Count">How many were counted.</param>
/// <param name="AtLeast">Whether there may be more: no more were counted.</param>
public sealed record StatusCount(OrderStatus Status, int Count, bool AtLeast);

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
            .WithResponse(StatusCodes.Status200OK, "The number of orders in each status, how many are completed and cancelled per second, and how many commands were sent again.", new OrderCounts(
                [.. Enum.GetValues<OrderStatus>().Select(status => new StatusCount(status, status == OrderStatus.Completed ? 1_250 : 0, false))], 12.4, 0.2, 3))
            .WithErrors(ErrorsOf("a"));

    private static async Task<Results<Ok<OrderCounts>, ValidationProblem>> CountAsync(
        string? search, string? from, string? to, OrderDbContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var filter = OrderFilter.Parse(null, search, from, to, errors);
        if (!errors.None)
            return errors.ToResult();

        var counts = filter.Search is null ? await EachAsync(context, filter, cancellationToken) : await FoundAsync(context, filter, cancellationToken);
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

    private static async Task<List<StatusCount>> EachAsync(OrderDbContext context, OrderFilter filter, CancellationToken cancellationToken)
    {
        var counts = new List<StatusCount>();
        foreach (var status in Enum.GetValues<OrderStatus>())
        {
            var count = 0;
            // One state at a time: the index has the orders of each in their order.
            foreach (var state in OrderStatuses.StatesOf(status))
                count += await context.FindNewest(filter with { States = [state] }, null, Limit - count).CountAsync(cancellationToken);
            counts.Add(new StatusCount(status, count, count == Limit));
        }

        return counts;
    }

    private static async Task<List<StatusCount>> FoundAsync(OrderDbContext context, OrderFilter filter, CancellationToken cancellationToken)
    {
        var states = await CountFound(context, filter).ToListAsync(cancellationToken);
        var atLeast = states.Sum(state => state.Count) == SearchLimit;
        return [.. Enum.GetValues<OrderStatus>().Select(status =>
            new StatusCount(status, states.Where(state => OrderStatuses.Of(state.State) == status).Sum(state => state.Count), atLeast))];
    }

    /// <summary>The states of the newest orders that a search finds, and how many are in each.</summary>
    internal static IQueryable<StateCount> CountFound(OrderDbContext context, OrderFilter filter) =>
        context.FindNewest(filter, null, SearchLimit).GroupBy(order => order.State).Select(group => new StateCount(group.Key, group.Count()));

    private static ValidationErrors ErrorsOf(string search)
    {
        var errors = new ValidationErrors();
        OrderFilter.Parse(null, search, null, null, errors);
        return errors;
    }

    internal sealed record StateCount(string State, int Count);
}
