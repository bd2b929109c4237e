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
using OrderSample.ServiceDefaults.Telemetry;

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
/// <param name="Traces">All traces of requests about it that were recorded, oldest first: those that placed, paid and cancelled it.</param>
public sealed record OrderDetails(
    Guid OrderId, OrderStatus Status, decimal Total, Customer Customer, IReadOnlyList<OrderLine> Lines,
    DateTimeOffset SubmittedAt, DateTimeOffset UpdatedAt, string? Reason, IReadOnlyList<TimelineEntry> Timeline, string? TraceId,
    IReadOnlyList<OrderTrace> Traces);

/// <summary>A trace that began with a request about an order.</summary>
/// <param name="Of">The event that came of the request.</param>
/// <param name="At">When, UTC.</param>
/// <param name="TraceId">The trace, in W3C hexadecimal.</param>
public sealed record OrderTrace(string Of, DateTimeOffset At, string TraceId);

internal static class GetOrder
{
    private const string ExampleTrace = "7f0c1e5a9d3b48628c14a6f2e07b95d3";

    public static void MapReadingOrder(this IEndpointRouteBuilder app) =>
        app.MapGet("/orders/{id}", GetAsync).WithName("GetOrder").WithTags("Orders")
            .WithSummary("Look at an order")
            .WithParameter("id", "The order.", Example.Order.OrderId)
            .WithResponse(StatusCodes.Status200OK, "The order, how far it has got, and what happened to it.", new OrderDetails(
                Example.Order.OrderId, OrderStatus.AwaitingPayment, Example.Order.Total, Example.Order.Customer, Example.Order.Lines, Example.Time, Example.Time.AddSeconds(1), null,
                [new(Example.Time, nameof(OrderSubmitted), null), new(Example.Time, nameof(ReserveStock), null), new(Example.Time.AddSeconds(1), nameof(StockReserved), null)],
                ExampleTrace, [new(nameof(OrderSubmitted), Example.Time, ExampleTrace)]))
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

        var money = await (
            from payment in context.Payments.AsNoTracking()
            join refund in context.Refunds.AsNoTracking() on payment.PaymentId equals refund.PaymentId into refunds
            from refund in refunds.DefaultIfEmpty()
            where payment.OrderId == id
            select new { Payment = payment, Refund = (Refund?)refund }).ToListAsync(cancellationToken);
        var timeline = found.State.Timeline.Concat(money.Select(x => x.Refund).OfType<Refund>().Select(Entry)).OrderBy(entry => entry.At);
        return TypedResults.Ok(new OrderDetails(
            id, OrderStatuses.Of(found.State.CurrentState), found.Order.Total, found.Order.Customer, found.Order.Lines,
            found.Order.SubmittedAt, found.State.UpdatedAt, found.State.Reason, [.. timeline], found.Order.TraceId,
            Traces(found.Order, money.Select(x => x.Payment), found.State.Timeline)));
    }

    private static IReadOnlyList<OrderTrace> Traces(Order order, IEnumerable<Payment> payments, IEnumerable<TimelineEntry> timeline)
    {
        IEnumerable<(string Of, DateTimeOffset At, string? TraceId)> requests =
        [
            (nameof(OrderSubmitted), order.SubmittedAt, order.TraceId),
            .. payments.Select(payment => (nameof(PaymentReceived), payment.ReceivedAt, OrderScope.TraceIdOf(payment.TraceParent))),
            .. timeline.Select(entry => (entry.Event, entry.At, entry.TraceId)),
        ];
        return [.. requests.Where(request => request.TraceId is not null).OrderBy(request => request.At).Select(request => new OrderTrace(request.Of, request.At, request.TraceId!))];
    }

    /// <summary>The saga says when money is due back; the ledger, when it was given back.</summary>
    private static TimelineEntry Entry(Refund refund) =>
        new(refund.RefundedAt, nameof(PaymentRefunded), string.Create(CultureInfo.InvariantCulture, $"{refund.Amount:0.00} given back (payment {refund.PaymentId})"));
}
