using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Http.Describing;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.OrderService.AttendingOrder;

/// <summary>Answer to a decision that was passed on.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">The status it was in when it was decided about.</param>
public sealed record AttendToOrderResponse(Guid OrderId, OrderStatus Status);

/// <summary>
/// An operator's decision about a parked order. It is put on record and passed on to the saga in one transaction; one that
/// finds the order moved on by then, because the warehouse answered after all or another operator was quicker, has no effect.
/// </summary>
internal static class AttendToOrder
{
    public static void MapAttendingOrder(this IEndpointRouteBuilder app)
    {
        var attention = app.MapGroup("/orders/{id}/attention").WithTags("Attention").ForOperators();
        attention.MapPost("retry", RetryAsync).WithName("RetryOrder").WithDecision()
            .WithSummary("Retry a parked order")
            .WithDescription("Asks the warehouse again for what it did not answer in all attempts. Who decided so, and why, is recorded.");
        attention.MapPost("cancel", CancelAsync).WithName("CancelParkedOrder").WithDecision()
            .WithSummary("Cancel a parked order")
            .WithDescription("Gives back stock and money, and tells the customer the reason. Who decided so, and why, is recorded.");
    }

    private static RouteHandlerBuilder WithDecision(this RouteHandlerBuilder endpoint) => endpoint
        .WithParameter("id", "The parked order.", Example.Order.OrderId)
        .WithRequestExample(OperatorDecision.Example)
        .WithResponse(StatusCodes.Status202Accepted, "The decision is recorded and passed on.",
            new AttendToOrderResponse(Example.Order.OrderId, OrderStatus.NeedsAttention), Example.Location)
        .WithErrors((OperatorDecision.Example with { Reason = null }).Validate())
        .WithResponse(StatusCodes.Status404NotFound, "There is no order with this id.")
        .WithProblem(StatusCodes.Status409Conflict, NotParked(OrderStatus.Completed), "The order is not parked.");

    private static Task<Results<Accepted<AttendToOrderResponse>, ValidationProblem, NotFound, ConflictProblem>> RetryAsync(
        Guid id, OperatorDecision decision, [AsParameters] Tools tools, CancellationToken cancellationToken) =>
        DecideAsync(id, AttentionActionKind.Retry, decision, tools, cancellationToken);

    private static Task<Results<Accepted<AttendToOrderResponse>, ValidationProblem, NotFound, ConflictProblem>> CancelAsync(
        Guid id, OperatorDecision decision, [AsParameters] Tools tools, CancellationToken cancellationToken) =>
        DecideAsync(id, AttentionActionKind.Cancel, decision, tools, cancellationToken);

    private static async Task<Results<Accepted<AttendToOrderResponse>, ValidationProblem, NotFound, ConflictProblem>> DecideAsync(
        Guid id, AttentionActionKind action, OperatorDecision decision, Tools tools, CancellationToken cancellationToken)
    {
        var errors = decision.Validate();
        if (!errors.None)
            return errors.ToResult();

        var (context, publisher, time, logger) = tools;
        using var scope = logger.BeginOrderScope(id);
        var order = await context.OrderStates.Where(state => state.CorrelationId == id)
            .Select(state => new
            {
                state.CurrentState,
                TraceParent = context.Orders.Where(placed => placed.OrderId == id).Select(placed => placed.TraceParent).FirstOrDefault(),
            })
            .SingleOrDefaultAsync(cancellationToken);
        if (order is null)
            return TypedResults.NotFound();

        OrderScope.Trace(id, order.TraceParent);
        if (OrderStatuses.Of(order.CurrentState) is not OrderStatus.NeedsAttention and var status)
            return new ConflictProblem(NotParked(status));

        var (by, reason) = (decision.By!, decision.Reason!);
        context.Add(new AttentionAction { OrderId = id, Action = action, By = by, Reason = reason, At = time.GetUtcNow() });
        object message = action == AttentionActionKind.Retry ? new AttentionRetryRequested(id, by, reason) : new AttentionCancelRequested(id, by, reason);
        await publisher.Publish(message, message.GetType(), cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        logger.LogInformation("{Action} of parked order {OrderId} requested by {By}: {Reason}", action, id, by, reason);
        return TypedResults.Accepted($"/orders/{id}", new AttendToOrderResponse(id, OrderStatus.NeedsAttention));
    }

    private static string NotParked(OrderStatus status) => $"The order is not parked, it is {status}.";

    private sealed record Tools(OrderDbContext Context, IPublishEndpoint Publisher, TimeProvider Time, ILogger<AttentionAction> Logger);
}
