using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.OrderService.ReadingOrders;

/// <summary>How many orders are in a state.</summary>
/// <param name="Status">The state.</param>
/// <param name="Count">How many; counted up to a limit.</param>
public sealed record StatusCount(OrderStatus Status, int Count);

/// <summary>How many orders are where.</summary>
/// <param name="States">Each state's count.</param>
/// <param name="CompletedPerSecond">Orders completed per second, over the last five.</param>
public sealed record OrderCounts(IReadOnlyList<StatusCount> States, double CompletedPerSecond);

/// <summary>Counts orders for a display, by indexes alone and never all: a million completed ones cost no more than <see cref="Limit"/>.</summary>
public static class CountOrders
{
    /// <summary>A state with more orders than this is said to have so many.</summary>
    public const int Limit = 100_000;

    private static readonly TimeSpan RateTime = TimeSpan.FromSeconds(5);

    internal static void MapCountingOrders(this IEndpointRouteBuilder app) =>
        app.MapGet("/orders/counts", CountAsync).WithName("CountOrders").WithTags("Orders")
            .WithSummary("Count orders by status")
            .WithDescription($"Each status is counted up to {Limit}.")
            .WithResponse(StatusCodes.Status200OK, "The number of orders in each status, and how many are completed per second.", new OrderCounts(
                [.. Enum.GetValues<OrderStatus>().Select(status => new StatusCount(status, status == OrderStatus.Completed ? 1_250 : 0))], 12.4));

    private static async Task<Ok<OrderCounts>> CountAsync(OrderDbContext context, TimeProvider time, CancellationToken cancellationToken)
    {
        var counts = new List<StatusCount>();
        foreach (var status in Enum.GetValues<OrderStatus>())
        {
            var count = 0;
            foreach (var state in OrderStatuses.StatesOf(status))
                count += await context.OrderStates.Where(order => order.CurrentState == state).OrderBy(order => order.SubmittedAt).Take(Limit - count).CountAsync(cancellationToken);
            counts.Add(new StatusCount(status, count));
        }

        // An order that is completed is hardly ever changed again.
        var since = time.GetUtcNow() - RateTime;
        var completed = await context.OrderStates.CountAsync(order => order.UpdatedAt >= since && order.CurrentState == nameof(OrderStatus.Completed), cancellationToken);
        return TypedResults.Ok(new OrderCounts(counts, completed / RateTime.TotalSeconds));
    }
}
