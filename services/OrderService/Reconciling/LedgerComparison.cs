using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.Contracts.Reconciling.Events;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.OrderService.Reconciling;

/// <summary>What the order ledger says about an order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">How it stands. Nothing is said about the stock of one that is not final.</param>
/// <param name="Lines">What was ordered.</param>
/// <param name="UpdatedAt">When it last changed, UTC.</param>
/// <param name="ReservedAt">When its stock was reserved, UTC; null when it never was.</param>
/// <param name="Refunds">What was given back, by the payment ledger.</param>
/// <param name="Moved">It has changed since the run began: the other ledger's page may be older, so nothing is said about it either.</param>
internal sealed record LedgerOrder(
    Guid OrderId, OrderStatus Status, IReadOnlyList<StockLine> Lines, DateTimeOffset UpdatedAt, DateTimeOffset? ReservedAt, IReadOnlyList<LedgerRefund> Refunds,
    bool Moved = false);

/// <summary>Money that was given back.</summary>
/// <param name="PaymentId">The payment.</param>
/// <param name="At">When, UTC.</param>
internal sealed record LedgerRefund(Guid PaymentId, DateTimeOffset At);

/// <summary>A discrepancy, and what may be done about it.</summary>
/// <param name="Kind">In what way the ledgers differ.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Found">What was found.</param>
/// <param name="Since">When the message was stored that would settle it, at the latest, UTC: it may be on its way. The beginning of time when there is none.</param>
/// <param name="Repair">The one safe repair; null when there is none or more than one.</param>
internal sealed record Finding(DiscrepancyKind Kind, Guid OrderId, string Found, DateTimeOffset Since, Repair? Repair = null)
{
    /// <summary>What the customer was not told.</summary>
    public IReadOnlyList<ReportedNotification> Untold { get; init; } = [];
}

/// <summary>Compares ledgers. Reads and changes nothing: what there is to compare is given.</summary>
internal static class LedgerComparison
{
    private static readonly OrderStatus[] Final = [OrderStatus.Completed, OrderStatus.Rejected, OrderStatus.Cancelled];

    /// <summary>Final orders against the reservations that the inventory has for them.</summary>
    public static IEnumerable<Finding> OrdersWithReservations(IEnumerable<LedgerOrder> orders, IEnumerable<ReportedReservation> reservations)
    {
        var byOrder = reservations.ToDictionary(x => x.OrderId);
        return orders.Where(order => !order.Moved && Final.Contains(order.Status))
            .Select(order => Compare(order, byOrder.GetValueOrDefault(order.OrderId))).OfType<Finding>();
    }

    /// <summary>Reservations against the orders that the ledger has for them: finds those of no order, too.</summary>
    public static IEnumerable<Finding> ReservationsWithOrders(IReadOnlyList<ReportedReservation> reservations, IEnumerable<LedgerOrder> orders)
    {
        var known = orders.ToDictionary(x => x.OrderId);
        var unknown = reservations
            .Where(x => x.Status is StockClaim.Held or StockClaim.Committed && !known.ContainsKey(x.OrderId))
            .Select(x => new Finding(DiscrepancyKind.OrderUnknown, x.OrderId, $"Stock is {x.Status}, and there is no such order: {Text(x.Lines)}", DateTimeOffset.MinValue));
        return unknown.Concat(OrdersWithReservations(known.Values, reservations.Where(x => known.ContainsKey(x.OrderId))));
    }

    /// <summary>What the orders' events call for against what their customers were told.</summary>
    public static IEnumerable<Finding> OrdersWithNotifications(IEnumerable<LedgerOrder> orders, IEnumerable<ReportedNotification> complete)
    {
        var told = complete.ToHashSet();
        return from order in orders
               where !order.Moved
               let untold = ToBeTold(order).Where(x => !told.Contains(x.Notification)).ToList()
               where untold.Count > 0
               select new Finding(DiscrepancyKind.NotificationMissing, order.OrderId,
                   $"The customer was not told {string.Join(", ", untold.Select(x => x.Notification.Event))} on every channel.", untold.Max(x => x.Since), Repair.PublishEvents)
               {
                   Untold = [.. untold.Select(x => x.Notification)],
               };
    }

    private static IEnumerable<(ReportedNotification Notification, DateTimeOffset Since)> ToBeTold(LedgerOrder order)
    {
        if (order.ReservedAt is { } reservedAt)
            yield return (new ReportedNotification(order.OrderId, nameof(OrderReserved)), reservedAt);
        if (Final.Contains(order.Status))
            yield return (new ReportedNotification(order.OrderId, $"Order{order.Status}"), order.UpdatedAt);
        foreach (var refund in order.Refunds)
            yield return (new ReportedNotification(order.OrderId, nameof(PaymentRefunded), refund.PaymentId.ToString()), refund.At);
    }

    private static Finding? Compare(LedgerOrder order, ReportedReservation? reservation) => (order.Status, reservation?.Status) switch
    {
        (OrderStatus.Completed, StockClaim.Committed) => SameLines(order.Lines, reservation!.Lines)
            ? null
            : new Finding(DiscrepancyKind.QuantitiesDiffer, order.OrderId, $"Ordered {Text(order.Lines)}, taken {Text(reservation!.Lines)}", order.UpdatedAt),
        // Whether to take the stock after all or to find out where it went is for a person: it may have left the shelf.
        (OrderStatus.Completed, var status) => new Finding(DiscrepancyKind.StockNotCommitted, order.OrderId,
            status is null ? "Completed, but there is no reservation." : $"Completed, but its stock is {status}.", order.UpdatedAt),
        (_, StockClaim.Held) => new Finding(DiscrepancyKind.StockHeld, order.OrderId,
            $"{order.Status}, but held are {Text(reservation!.Lines)}", order.UpdatedAt, Repair.ReleaseStock),
        (_, StockClaim.Committed) => new Finding(DiscrepancyKind.StockCommitted, order.OrderId,
            $"{order.Status}, but taken were {Text(reservation!.Lines)}", order.UpdatedAt),
        _ => null,
    };

    private static bool SameLines(IEnumerable<StockLine> ordered, IEnumerable<StockLine> taken) =>
        ordered.OrderBy(x => x.Sku, StringComparer.Ordinal).SequenceEqual(taken.OrderBy(x => x.Sku, StringComparer.Ordinal));

    private static string Text(IEnumerable<StockLine> lines) => string.Join(", ", lines.Select(x => $"{x.Quantity} {x.Sku}"));
}
