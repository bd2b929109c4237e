using Microsoft.AspNetCore.Http.HttpResults;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Http.Describing;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.OrderService.SubmittingOrder;

/// <summary>Answer to a submitted order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">How far it has got; more than submitted when the request was a repetition.</param>
/// <param name="Total">Amount to pay.</param>
public sealed record SubmitOrderResponse(Guid OrderId, OrderStatus Status, decimal Total);

internal static class SubmitOrderEndpoint
{
    private const string IdIsTaken = "There is an order with this orderId, and it asks for something else.";

    public static void MapSubmittingOrder(this IEndpointRouteBuilder app) =>
        app.MapPost("/orders", SubmitAsync).WithName("SubmitOrder").WithTags("Orders").WithAdmission(_ => 1)
            .WithSummary("Place an order")
            .WithDescription("Stores the order and answers at once; its stock is reserved afterwards. If the answer is lost, send the order again with the same `orderId`: it is stored once.")
            .WithRequestExample(Example.Request)
            .WithResponse(StatusCodes.Status202Accepted, "The order is stored, now or by an earlier request.",
                new SubmitOrderResponse(Example.Order.OrderId, OrderStatus.Submitted, Example.Order.Total), Example.Location)
            .WithErrors(SubmitOrderValidation.Validate(Example.BadRequest))
            .WithProblem(StatusCodes.Status409Conflict, IdIsTaken);

    private static async Task<Results<Accepted<SubmitOrderResponse>, ValidationProblem, ConflictProblem>> SubmitAsync(
        SubmitOrderRequest request, OrderSubmission submission, ILogger<OrderSubmission> logger, CancellationToken cancellationToken)
    {
        var errors = SubmitOrderValidation.Validate(request);
        if (!errors.None)
            return errors.ToResult();

        var outcome = await submission.SubmitAsync(request, cancellationToken);
        var order = outcome.Order;
        OrderScope.Trace(order.OrderId, order.TraceParent);
        using var scope = logger.BeginOrderScope(order.OrderId);
        if (outcome.IsConflict)
        {
            logger.LogWarning("Order {OrderId} is refused: another order has this id", order.OrderId);
            return new ConflictProblem(IdIsTaken);
        }

        logger.LogInformation("Order {OrderId} of {Lines} lines for {Total} is accepted", order.OrderId, order.Lines.Count, order.Total);
        return TypedResults.Accepted($"/orders/{order.OrderId}", new SubmitOrderResponse(order.OrderId, outcome.Status, order.Total));
    }
}
