using System.Globalization;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.NotificationService.Data;

namespace OrderSample.NotificationService.Notifying;

/// <summary>What a customer is to be told, whatever the channel.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Kind">What about.</param>
/// <param name="Customer">Whom.</param>
/// <param name="Subject">In one line.</param>
/// <param name="Text">In full.</param>
/// <param name="Reference">Which one, where an order may have several of the kind.</param>
internal sealed record Notice(Guid OrderId, NotificationKind Kind, Customer Customer, string Subject, string Text, string Reference = "")
{
    /// <summary>What makes it another notice than others.</summary>
    public NoticeKey Key => new(OrderId, Kind, Reference);

    /// <summary>
    /// Always the same for the same order, kind and reference, however often it is sent: what receives it can tell a repetition.
    /// </summary>
    public string Id => Reference.Length == 0 ? $"{OrderId:N}.{Kind}" : $"{OrderId:N}.{Kind}.{Reference}";

    public static Notice Of(OrderReserved order) => new(order.OrderId, NotificationKind.OrderReserved, order.Customer,
        $"Order {order.OrderId}: reserved",
        $"Everything you ordered is set aside for you. The total is {Money(order.Total)}; we deliver as soon as it is paid.");

    public static Notice Of(OrderRejected order) => new(order.OrderId, NotificationKind.OrderRejected, order.Customer,
        $"Order {order.OrderId}: not available", $"We are sorry: we can't deliver your order. {order.Reason}. There is nothing to pay.");

    public static Notice Of(OrderCompleted order) => new(order.OrderId, NotificationKind.OrderCompleted, order.Customer,
        $"Order {order.OrderId}: on its way", $"Thank you for your payment of {Money(order.Total)}. Your order is on its way.");

    public static Notice Of(OrderCancelled order) => new(order.OrderId, NotificationKind.OrderCancelled, order.Customer,
        $"Order {order.OrderId}: cancelled", $"Your order is cancelled. {order.Reason}");

    public static Notice Of(PaymentRefunded refund) => new(refund.OrderId, NotificationKind.PaymentRefunded, refund.Customer,
        $"Order {refund.OrderId}: refund", $"We have given you back {Money(refund.Amount)}. {refund.Reason}", refund.PaymentId.ToString());

    private static string Money(decimal amount) => amount.ToString("N2", CultureInfo.InvariantCulture);
}

/// <summary>Identifies a notice; with a channel it is the key of its row.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Kind">What about.</param>
/// <param name="Reference">Which one, where an order may have several of the kind.</param>
internal readonly record struct NoticeKey(Guid OrderId, NotificationKind Kind, string Reference);
