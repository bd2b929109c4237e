using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Ordering;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.OrderService.ReadingOrders;

/// <summary>One order of a list.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">How far it has got.</param>
/// <param name="Customer">The customer's name.</param>
/// <param name="Items">Pieces ordered, of all lines together.</param>
/// <param name="Total">Amount to pay.</param>
/// <param name="Paid">What was paid and not given back.</param>
/// <param name="SubmittedAt">When it was accepted, UTC.</param>
/// <param name="UpdatedAt">When something last happened, UTC.</param>
/// <param name="Reason">Why it was not, or may not be, completed.</param>
public sealed record OrderSummary(
    Guid OrderId, OrderStatus Status, string Customer, int Items, decimal Total, decimal Paid, DateTimeOffset SubmittedAt, DateTimeOffset UpdatedAt, string? Reason);

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

    private static readonly OrderSummary ExampleSummary = new(
        Example.Order.OrderId, OrderStatus.AwaitingPayment, Example.Order.Customer.Name, Example.Order.Lines.Sum(line => line.Quantity), Example.Order.Total, 0,
        Example.Time, Example.Time.AddSeconds(1), null);

    public static void MapListingOrders(this IEndpointRouteBuilder app) =>
        OrderFilter.Describe(app.MapGet("/orders", ListAsync).WithName("ListOrders").WithTags("Orders"))
            .WithSummary("List orders")
            .WithParameter("status", $"Only orders in this status: {Statuses}.", OrderStatus.AwaitingPayment)
            .WithParameter("after", "The `next` of the page before; missing for the first page.")
            .WithParameter("limit", $"Orders on a page, 1 to {MaxLimit}; {DefaultLimit} when missing.", $"{DefaultLimit}")
            .WithResponse(StatusCodes.Status200OK, "A page of orders, newest first.", new OrderPage([ExampleSummary], Example.Order.OrderId))
            .WithErrors(ErrorsOf("Lost"));

    private static async Task<Results<Ok<OrderPage>, ValidationProblem>> ListAsync(
        string? status, string? search, string? from, string? to, string? after, string? limit, OrderDbContext context, CancellationToken cancellationToken)
    {
        var errors = new ValidationErrors();
        var filter = OrderFilter.Parse(status, search, from, to, errors);
        var count = Limit(limit, errors);
        var last = after is null ? null : await FindAsync(after, context, cancellationToken);
        errors.Check(after is null || last is not null, "after", "is not the id of an order");
        if (!errors.None)
            return errors.ToResult();

        var rows = await Query(context, filter, last, count + 1).ToListAsync(cancellationToken);
        OrderSummary[] items = [.. rows.Take(count).Select(row => new OrderSummary(
            row.OrderId, OrderStatuses.Of(row.State), row.Customer.Name, row.Lines.Sum(line => line.Quantity), row.Total, row.Paid,
            row.SubmittedAt, row.UpdatedAt, row.Reason))];
        return TypedResults.Ok(new OrderPage(items, rows.Count > count ? items[^1].OrderId : null));
    }

    internal static IQueryable<OrderRow> Query(OrderDbContext context, OrderFilter filter, (DateTimeOffset SubmittedAt, Guid OrderId)? after, int count) =>
        from found in context.FindNewest(filter, after, count)
        join state in context.OrderStates on found.OrderId equals state.CorrelationId
        orderby found.SubmittedAt descending, found.OrderId descending
        select new OrderRow(
            state.CorrelationId,
            state.CurrentState,
            state.Customer,
            state.Lines,
            state.Total,
            context.Payments.Where(payment => payment.OrderId == state.CorrelationId).Sum(payment => payment.Amount)
                - context.Refunds.Where(refund => refund.OrderId == state.CorrelationId).Sum(refund => refund.Amount),
            state.SubmittedAt,
            state.UpdatedAt,
            state.Reason);

    private static ValidationErrors ErrorsOf(string status)
    {
        var errors = new ValidationErrors();
        OrderFilter.Parse(status, null, null, null, errors);
        return errors;
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

    internal sealed record OrderRow(
        Guid OrderId, string State, Customer Customer, IReadOnlyList<StockLine> Lines, decimal Total, decimal Paid, DateTimeOffset SubmittedAt, DateTimeOffset UpdatedAt, string? Reason);
}
