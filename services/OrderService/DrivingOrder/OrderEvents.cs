using MassTransit;
using OrderSample.Contracts.Ordering.Events;

namespace OrderSample.OrderService.DrivingOrder;

/// <summary>What the saga tells the world.</summary>
internal static class OrderEvents
{
    public static EventActivityBinder<OrderState, T> PublishOrderReserved<T>(this EventActivityBinder<OrderState, T> step)
        where T : class =>
        step.Publish(order => new OrderReserved(order.Saga.CorrelationId, order.Saga.Customer, order.Saga.Total));

    public static EventActivityBinder<OrderState, T> PublishOrderRejected<T>(this EventActivityBinder<OrderState, T> step)
        where T : class =>
        step.Publish(order => new OrderRejected(order.Saga.CorrelationId, order.Saga.Customer, order.Saga.Total, order.Saga.Reason ?? ""));

    public static EventActivityBinder<OrderState, T> PublishOrderCompleted<T>(this EventActivityBinder<OrderState, T> step)
        where T : class =>
        step.Publish(order => new OrderCompleted(order.Saga.CorrelationId, order.Saga.Customer, order.Saga.Total));

    /// <summary>The last payment noted for a refund is to be given back.</summary>
    public static EventActivityBinder<OrderState, T> PublishRefundDue<T>(this EventActivityBinder<OrderState, T> step, Func<BehaviorContext<OrderState, T>, decimal> amount)
        where T : class =>
        step.Publish(order => RefundDue(order.Saga, order.Saga.Refunds[^1], amount(order)));

    /// <summary>A payment that the order gives back.</summary>
    public static RefundDue RefundDue(OrderState order, Guid paymentId, decimal amount) =>
        new(order.CorrelationId, paymentId, order.Customer, amount, order.Reason ?? "The order was paid already.");

    public static EventActivityBinder<OrderState, T> PublishOrderCancelled<T>(this EventActivityBinder<OrderState, T> step)
        where T : class =>
        step.Publish(order => new OrderCancelled(order.Saga.CorrelationId, order.Saga.Customer, order.Saga.Total, order.Saga.Reason ?? ""));
}
