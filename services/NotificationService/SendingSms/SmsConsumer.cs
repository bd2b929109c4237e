using MassTransit;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.NotificationService.Notifying;

namespace OrderSample.NotificationService.SendingSms;

/// <summary>Tells customers by text message. On a queue of its own, so that a dead gateway holds up nothing else.</summary>
internal sealed class SmsConsumer(Notifier notifier, SmsSender sender)
    : IConsumer<OrderReserved>, IConsumer<OrderRejected>, IConsumer<OrderCompleted>, IConsumer<OrderCancelled>, IConsumer<PaymentRefunded>
{
    public const string Queue = "notification-sms";

    public Task Consume(ConsumeContext<OrderReserved> context) => notifier.NotifyAsync(Notice.Of(context.Message), sender, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderRejected> context) => notifier.NotifyAsync(Notice.Of(context.Message), sender, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderCompleted> context) => notifier.NotifyAsync(Notice.Of(context.Message), sender, context.CancellationToken);

    public Task Consume(ConsumeContext<OrderCancelled> context) => notifier.NotifyAsync(Notice.Of(context.Message), sender, context.CancellationToken);

    public Task Consume(ConsumeContext<PaymentRefunded> context) => notifier.NotifyAsync(Notice.Of(context.Message), sender, context.CancellationToken);
}
