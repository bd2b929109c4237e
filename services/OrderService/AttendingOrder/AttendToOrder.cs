using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.OrderService.AttendingOrder;

/// <summary>Body of <c>POST /orders/{id}/attention/retry</c> and <c>/cancel</c>.</summary>
/// <param name="By">Who decides.</param>
/// <param name="Reason">Why.</param>
public sealed record AttendToOrderRequest(string? By, string? Reason);

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
        var attention = app.MapGroup("/orders/{id}/attention").WithTags("Attention");
        attention.MapPost("retry", RetryAsync).WithName("RetryOrder");
        attention.MapPost("cancel", CancelAsync).WithName("CancelParkedOrder");
    }

    public static ValidationErrors Validate(AttendToOrderRequest request)
    {
        var errors = new ValidationErrors();
        CheckText(errors, request.By, "by", "who decides");
        CheckText(errors, request.Reason, "reason", "why");
        return errors;
    }

    private static void CheckText(ValidationErrors errors, string? text, string field, string what)
    {
        errors.Check(!string.IsNullOrWhiteSpace(text), field, $"must say {what}");
        errors.Check(text is not { Length: > AttentionAction.MaxTextLength }, field, $"must not be longer than {AttentionAction.MaxTextLength} characters");
        errors.Check(text?.Any(c => char.IsControl(c) && c is not '\n' and not '\t') != true, field, "must not hold control characters");
    }

    private static Task<Results<Accepted<AttendToOrderResponse>, ValidationProblem, NotFound, ProblemHttpResult>> RetryAsync(
        Guid id, AttendToOrderRequest request, [AsParameters] Tools tools, CancellationToken cancellationToken) =>
        DecideAsync(id, AttentionActionKind.Retry, request, tools, cancellationToken);

    private static Task<Results<Accepted<AttendToOrderResponse>, ValidationProblem, NotFound, ProblemHttpResult>> CancelAsync(
        Guid id, AttendToOrderRequest request, [AsParameters] Tools tools, CancellationToken cancellationToken) =>
        DecideAsync(id, AttentionActionKind.Cancel, request, tools, cancellationToken);

    private static async Task<Results<Accepted<AttendToOrderResponse>, ValidationProblem, NotFound, ProblemHttpResult>> DecideAsync(
        Guid id, AttentionActionKind action, AttendToOrderRequest request, Tools tools, CancellationToken cancellationToken)
    {
        var errors = Validate(request);
        if (!errors.None)
            return errors.ToResult();

        var (context, publisher, time, logger) = tools;
        using var scope = logger.BeginOrderScope(id);
        var state = await context.OrderStates.Where(order => order.CorrelationId == id).Select(order => order.CurrentState).SingleOrDefaultAsync(cancellationToken);
        if (state is null)
            return TypedResults.NotFound();
        if (OrderStatuses.Of(state) is not OrderStatus.NeedsAttention and var status)
            return TypedResults.Problem(statusCode: StatusCodes.Status409Conflict, detail: $"The order is not parked, it is {status}.");

        var (by, reason) = (request.By!, request.Reason!);
        context.Add(new AttentionAction { OrderId = id, Action = action, By = by, Reason = reason, At = time.GetUtcNow() });
        object decision = action == AttentionActionKind.Retry ? new AttentionRetryRequested(id, by, reason) : new AttentionCancelRequested(id, by, reason);
        await publisher.Publish(decision, decision.GetType(), cancellationToken);
        await context.SaveChangesAsync(cancellationToken);
        logger.LogInformation("{Action} of the parked order asked for by {By}: {Reason}", action, by, reason);
        return TypedResults.Accepted($"/orders/{id}", new AttendToOrderResponse(id, OrderStatus.NeedsAttention));
    }

    private sealed record Tools(OrderDbContext Context, IPublishEndpoint Publisher, TimeProvider Time, ILogger<AttendToOrderRequest> Logger);
}
