using Microsoft.AspNetCore.Http.HttpResults;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.OrderService.SubmittingOrder;

/// <summary>Answer to a submitted order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">How far it has got; more than submitted when the request was a repetition.</param>
/// <param name="Total">Amount to pay.</param>
public sealed record SubmitOrderResponse(Guid OrderId, OrderStatus Status, decimal Total);

internal static class SubmitOrderEndpoint
{
    public static void MapSubmittingOrder(this IEndpointRouteBuilder app) =>
        app.MapPost("/orders", SubmitAsync).WithName("SubmitOrder").WithTags("Orders").WithAdmission(_ => 1)
            .ProducesProblem(StatusCodes.Status413PayloadTooLarge).ProducesProblem(StatusCodes.Status415UnsupportedMediaType);

    private static async Task<Results<Accepted<SubmitOrderResponse>, ValidationProblem, ProblemHttpResult>> SubmitAsync(
        SubmitOrderRequest request, OrderSubmission submission, ILogger<OrderSubmission> logger, CancellationToken cancellationToken)
    {
        var errors = SubmitOrderValidation.Validate(request);
        if (!errors.None)
            return errors.ToResult();

        var outcome = await submission.SubmitAsync(request, cancellationToken);
        var order = outcome.Order;
        OrderScope.Trace(order.OrderId);
        using var scope = logger.BeginOrderScope(order.OrderId);
        if (outcome.IsConflict)
        {
            logger.LogWarning("Order {OrderId} is refused: another order has this id", order.OrderId);
            return TypedResults.Problem(statusCode: StatusCodes.Status409Conflict,
                detail: "There is an order with this orderId, and it asks for something else.");
        }

        logger.LogInformation("Order {OrderId} of {Lines} lines for {Total} is accepted", order.OrderId, order.Lines.Count, order.Total);
        return TypedResults.Accepted($"/orders/{order.OrderId}", new SubmitOrderResponse(order.OrderId, outcome.Status, order.Total));
    }
}
