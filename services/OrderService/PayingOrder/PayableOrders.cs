using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.Data;

namespace OrderSample.OrderService.PayingOrder;

/// <summary>What a payment is compared with.</summary>
/// <param name="Total">The amount to pay.</param>
/// <param name="TraceParent">W3C traceparent of the request that placed the order; null when it was not recorded.</param>
/// <param name="Payment">The payment with the request's id, if it is known already.</param>
internal sealed record PayableOrder(decimal Total, string? TraceParent, Payment? Payment);

/// <summary>Reads orders that are to be paid.</summary>
/// <remarks>By a query that is compiled once: to find the compiled form of one by its expressions, at each payment, costs more than to read the row.</remarks>
internal sealed class PayableOrders
{
    // Of one service: a compiled query is for the model it was first used with.
    private readonly Func<OrderDbContext, Guid, Guid, CancellationToken, Task<PayableOrder?>> _find = EF.CompileAsyncQuery(
        (OrderDbContext context, Guid orderId, Guid paymentId, CancellationToken cancellationToken) => context.Orders.AsNoTracking()
            .Where(order => order.OrderId == orderId)
            .Select(order => new PayableOrder(order.Total, order.TraceParent, context.Payments.FirstOrDefault(payment => payment.PaymentId == paymentId)))
            .SingleOrDefault());

    /// <summary>Finds an order, together with a payment, which may be another order's.</summary>
    /// <returns>Null: there is no such order.</returns>
    public Task<PayableOrder?> FindAsync(OrderDbContext context, Guid orderId, Guid paymentId, CancellationToken cancellationToken) =>
        _find(context, orderId, paymentId, cancellationToken);
}
