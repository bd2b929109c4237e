using MassTransit;
using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.Data;

namespace OrderSample.OrderService.DrivingOrder;

/// <summary>
/// Before an order is called off as not paid: takes its payment from the ledger, if it is there. Money and its event are stored together, but during an
/// outage the event waits in the outbox, and the timeout may come first. Whoever has paid by then has paid in time.
/// </summary>
/// <param name="ledger">Asked in the saga's transaction.</param>
/// <param name="time">The clock of the timeline.</param>
public sealed class LookIntoPaymentLedger(IPaymentLedger ledger, TimeProvider time) : IStateMachineActivity<OrderState, PaymentTimeoutExpired>
{
    /// <inheritdoc/>
    public async Task Execute(BehaviorContext<OrderState, PaymentTimeoutExpired> context, IBehavior<OrderState, PaymentTimeoutExpired> next)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(next);
        // The event comes later, and is a repetition then.
        if (await ledger.FindFirstAsync(context.Saga.CorrelationId, context.CancellationToken) is { } payment)
            context.Saga.TakePayment(time.GetUtcNow(), payment.PaymentId, payment.Amount);
        await next.Execute(context);
    }

    /// <inheritdoc/>
    public Task Faulted<TException>(BehaviorExceptionContext<OrderState, PaymentTimeoutExpired, TException> context, IBehavior<OrderState, PaymentTimeoutExpired> next)
        where TException : Exception
    {
        ArgumentNullException.ThrowIfNull(next);
        return next.Faulted(context);
    }

    /// <inheritdoc/>
    public void Probe(ProbeContext context) => context.CreateScope("lookIntoPaymentLedger");

    /// <inheritdoc/>
    public void Accept(StateMachineVisitor visitor)
    {
        ArgumentNullException.ThrowIfNull(visitor);
        visitor.Visit(this);
    }
}

/// <summary>The money that came in.</summary>
public interface IPaymentLedger
{
    /// <summary>Finds an order's first payment.</summary>
    /// <returns>Null when there is none.</returns>
    Task<Payment?> FindFirstAsync(Guid orderId, CancellationToken cancellationToken);
}

/// <inheritdoc cref="IPaymentLedger"/>
internal sealed class PaymentLedger(OrderDbContext context) : IPaymentLedger
{
    public Task<Payment?> FindFirstAsync(Guid orderId, CancellationToken cancellationToken) =>
        context.Payments.AsNoTracking().Where(payment => payment.OrderId == orderId)
            .OrderBy(payment => payment.ReceivedAt).ThenBy(payment => payment.PaymentId).FirstOrDefaultAsync(cancellationToken);
}
