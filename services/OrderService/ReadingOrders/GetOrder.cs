using System.Globalization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.OrderService.ReadingOrders;

/// <summary>Everything about one order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">How far it has got.</param>
/// <param name="Total">Amount to pay.</param>
/// <param name="Customer">Who ordered.</param>
/// <param name="Lines">What was ordered.</param>
/// <param name="SubmittedAt">When it was accepted, UTC.</param>
/// <param name="UpdatedAt">When something last happened, UTC.</param>
/// <param name="Reason">Why it was not, or may not be, completed.</param>
/// <param name="Timeline">What happened, oldest first.</param>
/// <param name="TraceId">The trace of the request that placed it, if one was recorded.</param>
public sealed record OrderDetails(
    Guid OrderId, OrderStatus Status, decimal Total, Customer Customer, IReadOnlyList<OrderLine> Lines,
    DateTimeOffset SubmittedAt, DateTimeOffset UpdatedAt, string? Reason, IReadOnlyList<TimelineEntry> Timeline, string? TraceId);

internal static class GetOrder
{
    public static void MapReadingOrder(this IEndpointRouteBuilder app) =>
        app.MapGet("/orders/{id}", GetAsync).WithName("GetOrder").WithTags("Orders")
            .WithSummary("Look at an order")
            .WithParameter("id", "The order.", Example.Order.OrderId)
            .WithResponse(StatusCodes.Status200OK, "The order, how far it has got, and what happened to it.", new OrderDetails(
                Example.Order.OrderId, OrderStatus.AwaitingPayment, Example.Order.Total, Example.Order.Customer, Example.Order.Lines, Example.Time, Example.Time.AddSeconds(1), null,
                [new(Example.Time, nameof(OrderSubmitted), null), new(Example.Time, nameof(ReserveStock), null), new(Example.Time.AddSeconds(1), nameof(StockReserved), null)],
                "7f0c1e5a9d3b48628c14a6f2e07b95d3"))
            .WithResponse(StatusCodes.Status404NotFound, "There is no order with this id.");

    private static async Task<Results<Ok<OrderDetails>, NotFound>> GetAsync(
        Guid id, OrderDbContext context, CancellationToken cancellationToken)
    {
        var found = await (
            from order in context.Orders.AsNoTracking()
            join state in context.OrderStates.AsNoTracking() on order.OrderId equals state.CorrelationId
            where order.OrderId == id
            select new { Order = order, State = state }).SingleOrDefaultAsync(cancellationToken);
        if (found is null)
            return TypedResults.NotFound();

        var refunds = await context.Refunds.AsNoTracking().Where(refund => refund.OrderId == id).ToListAsync(cancellationToken);
        var timeline = found.State.Timeline.Concat(refunds.Select(Entry)).OrderBy(entry => entry.At);
        return TypedResults.Ok(new OrderDetails(
            id, OrderStatuses.Of(found.State.CurrentState), found.Order.Total, found.Order.Customer, found.Order.Lines,
            found.Order.SubmittedAt, found.State.UpdatedAt, found.State.Reason, [.. timeline], found.Order.TraceId));
    }

    /// <summary>The saga says when money is due back; the ledger, when it was given back.</summary>
    private static TimelineEntry Entry(Refund refund) =>
        new(refund.RefundedAt, nameof(PaymentRefunded), string.Create(CultureInfo.InvariantCulture, $"{refund.Amount:0.00} given back (payment {refund.PaymentId})"));
}
