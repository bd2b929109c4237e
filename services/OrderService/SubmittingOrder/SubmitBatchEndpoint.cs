using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Http.Describing;

namespace OrderSample.OrderService.SubmittingOrder;

/// <summary>Body of <c>POST /orders/batch</c>.</summary>
/// <param name="Orders">1 to 500 orders, each as <c>POST /orders</c> takes it; no orderId twice.</param>
public sealed record SubmitBatchRequest([property: Required] IReadOnlyList<SubmitOrderRequest?>? Orders);

/// <summary>Answer to a batch of which every order is stored, now or before.</summary>
/// <param name="Orders">The orders in the request's sequence.</param>
public sealed record SubmitBatchResponse(IReadOnlyList<SubmitOrderResponse> Orders);

/// <summary>Takes many orders in one transaction: all or none.</summary>
internal static class SubmitBatchEndpoint
{
    public const int MaxOrders = 500;

    private const string IdsAreTaken = "There are orders with some of these orderIds, and they ask for something else. Nothing was stored.";

    // Bytes. Fits as many orders as a batch can have, also when each has as many lines as an order can have.
    public const int MaxBodySize = 8 * 1024 * 1024;

    public static void MapSubmittingBatch(this IEndpointRouteBuilder app) =>
        app.MapPost("/orders/batch", SubmitAsync).WithName("SubmitBatch").WithTags("Orders")
            .WithAdmission(context => context.GetArgument<SubmitBatchRequest>(0).Orders?.Count ?? 0)
            .WithMetadata(new RequestSizeLimitAttribute(MaxBodySize))
            .WithDescription($"All orders are stored, or none. At most {MaxOrders} orders in at most {MaxBodySize / 1024 / 1024} MiB.")
            .WithSummary("Place many orders at once")
            .WithRequestExample(new SubmitBatchRequest([Example.Request]))
            .WithResponse(StatusCodes.Status202Accepted, "All orders are stored, now or by an earlier request.",
                new SubmitBatchResponse([new SubmitOrderResponse(Example.Order.OrderId, OrderStatus.Submitted, Example.Order.Total)]))
            .WithErrors(Validate(new SubmitBatchRequest([Example.Request, Example.BadRequest])))
            .WithProblem(StatusCodes.Status409Conflict, IdsAreTaken, errors: TakenIds([0]));

    public static ValidationErrors Validate(SubmitBatchRequest request)
    {
        var errors = new ValidationErrors();
        if (request.Orders is not { Count: > 0 } orders)
            errors.Add("orders", "must hold at least one order");
        else if (errors.Check(orders.Count <= MaxOrders, "orders", $"must not hold more than {MaxOrders} orders"))
            Validate(orders, errors);
        return errors;
    }

    private static void Validate(IReadOnlyList<SubmitOrderRequest?> orders, ValidationErrors errors)
    {
        var seen = new HashSet<Guid>();
        for (var i = 0; i < orders.Count; i++)
        {
            if (orders[i] is not { } order)
            {
                errors.Add(Field(i), "is missing");
                continue;
            }

            SubmitOrderValidation.Validate(order, $"{Field(i)}.", errors);
            errors.Check(order.OrderId is not { } orderId || seen.Add(orderId), $"{Field(i)}.orderId", "is in the batch twice");
        }
    }

    private static async Task<Results<Accepted<SubmitBatchResponse>, ValidationProblem, ConflictProblem>> SubmitAsync(
        SubmitBatchRequest request, BatchSubmission submission, ILogger<BatchSubmission> logger, CancellationToken cancellationToken)
    {
        var errors = Validate(request);
        if (!errors.None)
            return errors.ToResult();

        var outcomes = await submission.SubmitAsync(request.Orders!.Select(order => order!), cancellationToken);
        int[] conflicts = [.. Enumerable.Range(0, outcomes.Count).Where(i => outcomes[i].IsConflict)];
        if (conflicts.Length > 0)
        {
            logger.LogWarning("Refused a batch: other orders have {Conflicts} of its ids", conflicts.Length);
            return new ConflictProblem(IdsAreTaken, TakenIds(conflicts));
        }

        logger.LogInformation("Accepted a batch of {Orders} orders for {Total}", outcomes.Count, outcomes.Sum(x => x.Order.Total));
        return TypedResults.Accepted((string?)null, new SubmitBatchResponse(
            [.. outcomes.Select(x => new SubmitOrderResponse(x.Order.OrderId, x.Status, x.Order.Total))]));
    }

    private static ValidationErrors TakenIds(int[] indexes)
    {
        var errors = new ValidationErrors();
        foreach (var i in indexes)
            errors.Add($"{Field(i)}.orderId", "is the id of an order that asks for something else");
        return errors;
    }

    private static string Field(int index) => $"orders[{index}]";
}
