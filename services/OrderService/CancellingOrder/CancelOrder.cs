using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Http.Describing;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.OrderService.CancellingOrder;

/// <summary>Body of <c>POST /orders/{id}/cancellation</c>; it may be missing.</summary>
/// <param name="Reason">The customer's words.</param>
public sealed record CancelOrderRequest(string? Reason);

/// <summary>Answer to a request that was passed on.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">The status it was in when it was asked for.</param>
public sealed record CancelOrderResponse(Guid OrderId, OrderStatus Status);

/// <summary>
/// Asks the saga to cancel. An order that is final or paid is refused here; if a payment comes between this look and
/// the saga's, the payment wins.
/// </summary>
internal static class CancelOrder
{
    private const int MaxReasonLength = 500;
    private const string IsPaid = "The order is paid.";

    public static void MapCancellingOrder(this IEndpointRouteBuilder app) =>
        app.MapPost("/orders/{id}/cancellation", CancelAsync).WithName("CancelOrder").WithTags("Orders")
            .WithSummary("Cancel an order")
            .WithDescription("Asks for the order to be cancelled, as long as it is not paid. If a payment arrives at the same moment, the payment wins. The body may be missing.")
            .WithParameter("id", "The order.", Example.Order.OrderId)
            .WithRequestExample(new CancelOrderRequest("I ordered the wrong kettle."))
            .WithResponse(StatusCodes.Status202Accepted, "The cancellation is under way.",
                new CancelOrderResponse(Example.Order.OrderId, OrderStatus.AwaitingPayment), Example.Location)
            .WithErrors(Validate(new CancelOrderRequest(new string('x', MaxReasonLength + 1))))
            .WithResponse(StatusCodes.Status404NotFound, "There is no order with this id.")
            .WithProblem(StatusCodes.Status409Conflict, IsPaid, "The order is paid, or has ended.");

    public static ValidationErrors Validate(CancelOrderRequest? request)
    {
        var errors = new ValidationErrors();
        errors.Check(request?.Reason is not { Length: > MaxReasonLength }, "reason", $"must not be longer than {MaxReasonLength} characters");
        errors.Check(request?.Reason?.Any(c => char.IsControl(c) && c is not '\n' and not '\t') != true, "reason", "must not hold control characters");
        return errors;
    }

    private static async Task<Results<Accepted<CancelOrderResponse>, ValidationProblem, NotFound, ConflictProblem>> CancelAsync(
        Guid id, CancelOrderRequest? request, OrderDbContext context, IPublishEndpoint publisher, TimeProvider time,
        ILogger<CancelOrderRequest> logger, CancellationToken cancellationToken)
    {
        var errors = Validate(request);
        if (!errors.None)
            return errors.ToResult();

        using var scope = logger.BeginOrderScope(id);
        var order = await context.OrderStates.Where(state => state.CorrelationId == id)
            .Select(state => new
            {
                state.CurrentState,
                Paid = context.Payments.Any(payment => payment.OrderId == id),
                TraceParent = context.Orders.Where(placed => placed.OrderId == id).Select(placed => placed.TraceParent).FirstOrDefault(),
            })
            .SingleOrDefaultAsync(cancellationToken);
        if (order is null)
            return TypedResults.NotFound();

        OrderScope.Trace(id, order.TraceParent);
        var status = OrderStatuses.Of(order.CurrentState);
        if (status == OrderStatus.Cancelling)
            return Taken(id, status);
        if (order.Paid || status is not (OrderStatus.Submitted or OrderStatus.AwaitingPayment))
            return new ConflictProblem(order.Paid ? IsPaid : $"The order is {status}.");

        var reason = string.IsNullOrWhiteSpace(request?.Reason) ? null : request.Reason;
        await publisher.Publish(new CancellationRequested(id, reason, time.GetUtcNow()), cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        logger.LogInformation("Cancellation of order {OrderId} requested in status {Status}", id, status);
        return Taken(id, status);
    }

    private static Accepted<CancelOrderResponse> Taken(Guid id, OrderStatus status) =>
        TypedResults.Accepted($"/orders/{id}", new CancelOrderResponse(id, status));
}
