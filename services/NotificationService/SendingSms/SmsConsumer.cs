using MassTransit;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.NotificationService.Notifying;

namespace OrderSample.NotificationService.SendingSms;

/// <summary>Tells customers by text message. On a queue of its own, so that a dead gateway holds up nothing else.</summary>
internal sealed class SmsConsumer(Notifier notifier, SmsSender sender)
    : IConsumer<Batch<OrderReserved>>, IConsumer<Batch<OrderRejected>>, IConsumer<Batch<OrderCompleted>>,
        IConsumer<Batch<OrderCancelled>>, IConsumer<Batch<PaymentRefunded>>
{
    public const string Queue = "notification-sms";

    public Task Consume(ConsumeContext<Batch<OrderReserved>> batch) => notifier.NotifyAsync(batch, Notice.Of, sender);

    public Task Consume(ConsumeContext<Batch<OrderRejected>> batch) => notifier.NotifyAsync(batch, Notice.Of, sender);

    public Task Consume(ConsumeContext<Batch<OrderCompleted>> batch) => notifier.NotifyAsync(batch, Notice.Of, sender);

    public Task Consume(ConsumeContext<Batch<OrderCancelled>> batch) => notifier.NotifyAsync(batch, Notice.Of, sender);

    public Task Consume(ConsumeContext<Batch<PaymentRefunded>> batch) => notifier.NotifyAsync(batch, Notice.Of, sender);
}
