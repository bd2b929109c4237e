using System.Globalization;
using OrderSample.Bench.Twin.Messaging;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;

namespace OrderSample.Bench.Twin.Notifying;

/// <summary>What a customer is told.</summary>
/// <param name="OrderId">About which order.</param>
/// <param name="Kind">On which occasion.</param>
/// <param name="Customer">Whom.</param>
/// <param name="Text">The words.</param>
internal sealed record Notice(Guid OrderId, string Kind, Customer Customer, string Text)
{
    public static Type[] Occasions { get; } = [typeof(OrderReserved), typeof(OrderRejected), typeof(OrderCompleted), typeof(OrderCancelled)];

    public static Notice Of(ReceivedMessage message) => message.Type switch
    {
        nameof(OrderReserved) => Of(message.Read<OrderReserved>()),
        nameof(OrderRejected) => Of(message.Read<OrderRejected>()),
        nameof(OrderCompleted) => Of(message.Read<OrderCompleted>()),
        nameof(OrderCancelled) => Of(message.Read<OrderCancelled>()),
        _ => throw new InvalidOperationException($"{message.Type} is not for this queue."),
    };

    public static Notice Of(OrderReserved order) => new(order.OrderId, nameof(OrderReserved), order.Customer, $"Reserved. To pay: {Money(order.Total)}");

    private static Notice Of(OrderRejected order) => new(order.OrderId, nameof(OrderRejected), order.Customer, $"Not available: {order.Reason}");

    private static Notice Of(OrderCompleted order) => new(order.OrderId, nameof(OrderCompleted), order.Customer, $"On its way. Paid: {Money(order.Total)}");

    private static Notice Of(OrderCancelled order) => new(order.OrderId, nameof(OrderCancelled), order.Customer, $"Cancelled: {order.Reason}");

    private static string Money(decimal amount) => amount.ToString("N2", CultureInfo.InvariantCulture);
}
