using System.Globalization;
using MassTransit;
using OrderSample.ServiceDefaults.Messaging.Topology;

namespace OrderSample.OrderService.DrivingOrder;

/// <summary>
/// Notes in an order's timeline which of the saga's messages waited in an outbox, as while the broker is away. The outbox says of them when it sent them;
/// <c>SentTime</c> is when they were stored.
/// </summary>
internal sealed class OutboxWaits : IEventObserver<OrderState>
{
    public Task PostExecute<T>(BehaviorContext<OrderState, T> context)
        where T : class
    {
        if (context.SentTime is { } storedAt && SentAt(context) is { } sentAt)
            context.Saga.RecordWait(context.Event.Name, storedAt, sentAt);
        return Task.CompletedTask;
    }

    public Task PreExecute(BehaviorContext<OrderState> context) => Task.CompletedTask;

    public Task PreExecute<T>(BehaviorContext<OrderState, T> context)
        where T : class => Task.CompletedTask;

    public Task PostExecute(BehaviorContext<OrderState> context) => Task.CompletedTask;

    public Task ExecuteFault(BehaviorContext<OrderState> context, Exception exception) => Task.CompletedTask;

    public Task ExecuteFault<T>(BehaviorContext<OrderState, T> context, Exception exception)
        where T : class => Task.CompletedTask;

    private static DateTimeOffset? SentAt(ConsumeContext context) =>
        context.ReceiveContext.TransportHeaders.TryGetHeader(BrokerNames.SentHeader, out var value)
        && DateTimeOffset.TryParseExact(value as string, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var at) ? at : null;
}
