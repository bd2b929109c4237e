using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MassTransit;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.OrderService.Data;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Http;
using OrderSample.ServiceDefaults.Http.Describing;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.OrderService.PayingOrder;

/// <summary>Body of <c>POST /orders/{id}/payments</c>.</summary>
/// <param name="PaymentId">The payer's id of the payment; the same id is the same payment.</param>
/// <param name="Amount">Must be the order's total.</param>
public sealed record PayOrderRequest([property: Required] Guid? PaymentId, [property: Required] decimal? Amount);

/// <summary>Answer to a payment that was taken, now or before.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="PaymentId">The payment.</param>
/// <param name="Amount">What was paid.</param>
public sealed record PayOrderResponse(Guid OrderId, Guid PaymentId, decimal Amount);

/// <summary>
/// Takes money for an order. Whether it still is in time is decided by the saga, which sees the order's events one
/// after the other; here it is only put into the ledger, once.
/// </summary>
internal static class PayOrder
{
    // No order's total is higher.
    private const decimal MaxAmount = 100_000_000_000;

    private const string IdIsTaken = "There is a payment with this paymentId, for another order or amount.";

    private static readonly PayOrderRequest ExampleRequest = new(Example.PaymentId, Example.Order.Total);

    public static void MapPayingOrder(this IEndpointRouteBuilder app) =>
        app.MapPost("/orders/{id}/payments", PayAsync).WithName("PayOrder").WithTags("Orders")
            .WithSummary("Pay an order")
            .WithDescription("Stores the payment once, however often it is sent with the same `paymentId`. One that comes too late for its order is given back.")
            .WithParameter("id", "The order.", Example.Order.OrderId)
            .WithRequestExample(ExampleRequest)
            .WithResponse(StatusCodes.Status202Accepted, "The payment is stored, now or by an earlier request.",
                new PayOrderResponse(Example.Order.OrderId, Example.PaymentId, Example.Order.Total), Example.Location)
            .WithErrors(Validate(ExampleRequest with { Amount = 29.805m }))
            .WithResponse(StatusCodes.Status404NotFound, "There is no order with this id.")
            .WithProblem(StatusCodes.Status409Conflict, IdIsTaken)
            .WithProblem(StatusCodes.Status422UnprocessableEntity, AmountIs(Example.Order.Total), "The amount is not the order's total.");

    public static ValidationErrors Validate(PayOrderRequest request)
    {
        var errors = new ValidationErrors();
        errors.Check(request.PaymentId is { } id && id != Guid.Empty, "paymentId", "is missing");
        errors.Check(request.Amount is not null, "amount", "is missing");
        errors.Check(request.Amount is null or (>= 0 and <= MaxAmount), "amount", $"must be 0 to {MaxAmount}");
        errors.Check(request.Amount is null || Money.IsExact(request.Amount.Value), "amount", "must not have more than two decimals");
        return errors;
    }

    private static async Task<Results<Accepted<PayOrderResponse>, ValidationProblem, NotFound, ConflictProblem, UnprocessableProblem>> PayAsync(
        Guid id, PayOrderRequest request, PayableOrders orders, OrderDbContext context, IPublishEndpoint publisher, IDatabaseProvider database,
        TimeProvider time, ILogger<PayOrderRequest> logger, CancellationToken cancellationToken)
    {
        var errors = Validate(request);
        if (!errors.None)
            return errors.ToResult();

        using var scope = logger.BeginOrderScope(id);
        var paymentId = request.PaymentId!.Value;
        var order = await orders.FindAsync(context, id, paymentId, cancellationToken);
        if (order is null)
            return TypedResults.NotFound();

        OrderScope.Trace(id, order.TraceParent);
        var payment = new Payment
        {
            PaymentId = paymentId,
            OrderId = id,
            Amount = Money.WithCents(request.Amount!.Value),
            ReceivedAt = time.GetUtcNow(),
            TraceParent = OrderScope.TraceParent,
        };
        var known = order.Payment;
        if (known is null && payment.Amount != order.Total)
            return new UnprocessableProblem(AmountIs(order.Total));

        if (known is null && await TryStoreAsync(context, publisher, database, payment, cancellationToken))
        {
            logger.LogInformation("Payment {PaymentId} of {Amount} for order {OrderId} accepted", payment.PaymentId, payment.Amount, id);
            return Taken(payment);
        }

        known ??= await FindAsync(context, payment.PaymentId, cancellationToken);
        return known!.OrderId == payment.OrderId && known.Amount == payment.Amount
            ? Taken(known)
            : new ConflictProblem(IdIsTaken);
    }

    private static string AmountIs(decimal total) => string.Create(CultureInfo.InvariantCulture, $"The amount to pay is {total:0.00}.");

    private static async Task<bool> TryStoreAsync(OrderDbContext context, IPublishEndpoint publisher, IDatabaseProvider database,
        Payment payment, CancellationToken cancellationToken)
    {
        context.Payments.Add(payment);
        await publisher.Publish(
            new PaymentReceived(payment.OrderId, payment.PaymentId, payment.Amount, payment.ReceivedAt), cancellationToken);
        try
        {
            await database.SaveAddedAsync(context, cancellationToken);
            return true;
        }
        catch (DbUpdateException exception) when (database.IsUniqueViolation(exception))
        {
            // The same payment at the same moment; its other request has stored it.
            context.ChangeTracker.Clear();
            return false;
        }
    }

    private static Task<Payment?> FindAsync(OrderDbContext context, Guid paymentId, CancellationToken cancellationToken) =>
        context.Payments.AsNoTracking().SingleOrDefaultAsync(payment => payment.PaymentId == paymentId, cancellationToken);

    private static Accepted<PayOrderResponse> Taken(Payment payment) =>
        TypedResults.Accepted($"/orders/{payment.OrderId}", new PayOrderResponse(payment.OrderId, payment.PaymentId, payment.Amount));
}
