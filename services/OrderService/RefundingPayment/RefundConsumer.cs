using MassTransit;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.OrderService.Data;

namespace OrderSample.OrderService.RefundingPayment;

/// <summary>
/// Gives a payment back, once: the row's key is the payment, so whatever asks twice, by whatever message, finds it there.
/// </summary>
internal sealed class RefundConsumer(OrderDbContext context, TimeProvider time, ILogger<RefundConsumer> logger) : IConsumer<RefundDue>
{
    public const string Queue = "order-refunds";

    public async Task Consume(ConsumeContext<RefundDue> message)
    {
        var due = message.Message;
        if (await context.Refunds.AnyAsync(refund => refund.PaymentId == due.PaymentId, message.CancellationToken))
            return;

        // Two at once: the second one's insert fails on the key, and its retry finds the row.
        context.Refunds.Add(new Refund
        {
            PaymentId = due.PaymentId,
            OrderId = due.OrderId,
            Amount = due.Amount,
            Reason = due.Reason,
            RefundedAt = time.GetUtcNow(),
        });
        await message.Publish(new PaymentRefunded(due.OrderId, due.PaymentId, due.Customer, due.Amount, due.Reason), message.CancellationToken);
        logger.LogInformation("Payment {PaymentId} of {Amount} for order {OrderId} refunded: {Reason}", due.PaymentId, due.Amount, due.OrderId, due.Reason);
    }
}
