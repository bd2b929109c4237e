using MassTransit;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.NotificationService.Notifying;

namespace OrderSample.NotificationService.SendingEmail;

/// <summary>Tells customers by e-mail. On a queue of its own, so that a dead mail server holds up nothing else.</summary>
internal sealed class EmailConsumer(Notifier notifier, EmailSender sender)
    : IConsumer<OrderReserved>, IConsumer<OrderRejected>, IConsumer<OrderCompleted>, IConsumer<OrderCancelled>, IConsumer<PaymentRefunded>
{
    public const string Queue = "notification-email";

    public Task Consume(ConsumeContext<OrderReserved> context) => notifier.NotifyAsync(Notice.Of(context.Message), sender, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderRejected> context) => notifier.NotifyAsync(Notice.Of(context.Message), sender, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderCompleted> context) => notifier.NotifyAsync(Notice.Of(context.Message), sender, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderCancelled> context) => notifier.NotifyAsync(Notice.Of(context.Message), sender, context.CancellationToken);

    public Task Consume(ConsumeContext<PaymentRefunded> context) => notifier.NotifyAsync(Notice.Of(context.Message), sender, context.CancellationToken);
}
