using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.OrderService.ReadingOrders;

/// <summary>One order of a list.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">How far it has got.</param>
/// <param name="Total">Amount to pay.</param>
/// <param name="SubmittedAt">When it was accepted, UTC.</param>
/// <param name="UpdatedAt">When something last happened, UTC.</param>
/// <param name="Reason">Why it was not, or may not be, completed.</param>
public sealed record OrderSummary(
    Guid OrderId, OrderStatus Status, decimal Total, DateTimeOffset SubmittedAt, DateTimeOffset UpdatedAt, string? Reason);

/// <summary>A page of orders, newest first.</summary>
/// <param name="Items">The orders.</param>
/// <param name="Next">What to give as <c>after</c> for the next page; missing on the last one.</param>
public sealed record OrderPage(IReadOnlyList<OrderSummary> Items, Guid? Next);

/// <summary>
/// Lists orders page by page. A page begins after an order, not at a count, so that it costs the same however deep it
/// is, and new orders don't shift what follows.
/// </summary>
internal static class ListOrders
{
    private const int DefaultLimit = 50;
    private const int MaxLimit = 200;
    private static readonly string Statuses = string.Join(", ", Enum.GetNames<OrderStatus>());

    public static void MapListingOrders(this IEndpointRouteBuilder app) =>
        app.MapGet("/orders", ListAsync).WithName("ListOrders").WithTags("Orders")
            .WithSummary("List orders")
            .WithParameter("status", $"Only orders in this status: {Statuses}.", OrderStatus.AwaitingPayment)
            .WithParameter("after", "The `next` of the page before; missing for the first page.")
            .WithParameter("limit", $"Orders on a page, 1 to {MaxLimit}; {DefaultLimit} when missing.", $"{DefaultLimit}")
            .WithResponse(StatusCodes.Status200OK, "A page of orders, newest first.", new OrderPage(
                [new OrderSummary(Example.Order.OrderId, OrderStatus.AwaitingPayment, Example.Order.Total, Example.Time, Example.Time.AddSeconds(1), null)], Example.Order.OrderId))
            .WithErrors(ErrorsOf("Lost"));

    private static async Task<Results<Ok<OrderPage>, ValidationProblem>> ListAsync(
        string? status, string? after, string? limit, OrderDbContext context, CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var states = States(status, errors);
        var count = Limit(limit, errors);
        var orders = context.OrderStates.AsNoTracking();
        if (states is not null)
            orders = orders.Where(order => states.Contains(order.CurrentState));
        if (after is not null)
        {
            var last = await FindAsync(after, context, cancellationToken);
            if (errors.Check(last is not null, "after", "is not the id of an order"))
                orders = orders.Where(order => order.SubmittedAt < last!.Value.SubmittedAt
                    || (order.SubmittedAt == last.Value.SubmittedAt && order.CorrelationId.CompareTo(last.Value.OrderId) < 0));
        }

        if (!errors.None)
            return errors.ToResult();

        var rows = await orders
            .OrderByDescending(order => order.SubmittedAt).ThenByDescending(order => order.CorrelationId)
            .Take(count + 1)
            .Select(order => new { order.CorrelationId, order.CurrentState, order.Total, order.SubmittedAt, order.UpdatedAt, order.Reason })
            .ToListAsync(cancellationToken);
        OrderSummary[] items = [.. rows.Take(count).Select(row => new OrderSummary(
            row.CorrelationId, OrderStatuses.Of(row.CurrentState), row.Total, row.SubmittedAt, row.UpdatedAt, row.Reason))];
        return TypedResults.Ok(new OrderPage(items, rows.Count > count ? items[^1].OrderId : null));
    }

    private static ValidationErrors ErrorsOf(string status)
    {
        var errors = new ValidationErrors();
        States(status, errors);
        return errors;
    }

    private static string[]? States(string? status, ValidationErrors errors)
    {
        if (status is null)
            return null;

        var known = Enum.GetNames<OrderStatus>().FirstOrDefault(name => string.Equals(name, status, StringComparison.OrdinalIgnoreCase));
        errors.Check(known is not null, "status", $"must be one of {Statuses}");
        return known is null ? null : OrderStatuses.StatesOf(Enum.Parse<OrderStatus>(known));
    }

    private static int Limit(string? limit, ValidationErrors errors)
    {
        var count = DefaultLimit;
        var valid = limit is null || (int.TryParse(limit, out count) && count is >= 1 and <= MaxLimit);
        errors.Check(valid, "limit", $"must be 1 to {MaxLimit}");
        return count;
    }

    private static async Task<(DateTimeOffset SubmittedAt, Guid OrderId)?> FindAsync(
        string after, OrderDbContext context, CancellationToken cancellationToken)
    {
        if (!Guid.TryParse(after, out var id))
            return null;

        var order = await context.OrderStates.Where(state => state.CorrelationId == id).Select(state => new { state.SubmittedAt })
            .SingleOrDefaultAsync(cancellationToken);
        return order is null ? null : (order.SubmittedAt, id);
    }
}
