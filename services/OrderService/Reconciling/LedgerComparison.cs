using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Reconciling.Events;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.OrderService.Reconciling;

/// <summary>What the order ledger says about an order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">How it stands. Nothing is said about one that is not final.</param>
/// <param name="Lines">What was ordered.</param>
/// <param name="Moved">It has changed since the run began: the other ledger's page may be older, so nothing is said about it either.</param>
internal sealed record LedgerOrder(Guid OrderId, OrderStatus Status, IReadOnlyList<StockLine> Lines, bool Moved = false);

/// <summary>A discrepancy, and what may be done about it.</summary>
/// <param name="Kind">In what way the ledgers differ.</param>
/// <param name="OrderId">The order.</param>
/// <param name="Found">What was found.</param>
/// <param name="Repair">The one safe repair; null when there is none or more than one.</param>
internal sealed record Finding(DiscrepancyKind Kind, Guid OrderId, string Found, Repair? Repair = null);

/// <summary>Compares ledgers. Reads and changes nothing: what there is to compare is given.</summary>
internal static class LedgerComparison
{
    private static readonly OrderStatus[] Final = [OrderStatus.Completed, OrderStatus.Rejected, OrderStatus.Cancelled];

    /// <summary>States in which nothing is to happen any more. An order that needs attention is in a person's hands.</summary>
    public static IReadOnlyList<string> FinalStates { get; } = [.. Final.Select(status => status.ToString())];

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
            .Select(x => new Finding(DiscrepancyKind.OrderUnknown, x.OrderId, $"Stock is {x.Status}, and there is no such order: {Text(x.Lines)}"));
        return unknown.Concat(OrdersWithReservations(known.Values, reservations.Where(x => known.ContainsKey(x.OrderId))));
    }

    /// <summary>Final orders against what their customers were told.</summary>
    public static IEnumerable<Finding> OrdersWithNotifications(IEnumerable<LedgerOrder> orders, IEnumerable<ReportedNotification> complete)
    {
        var told = complete.ToHashSet();
        return from order in orders
               where !order.Moved && Final.Contains(order.Status)
               let expected = new ReportedNotification(order.OrderId, $"Order{order.Status}")
               where !told.Contains(expected)
               select new Finding(DiscrepancyKind.NotificationMissing, order.OrderId,
                   $"The customer was not told {expected.Event} on every channel.", Repair.PublishOutcome);
    }

    private static Finding? Compare(LedgerOrder order, ReportedReservation? reservation) => (order.Status, reservation?.Status) switch
    {
        (OrderStatus.Completed, StockClaim.Committed) => SameLines(order.Lines, reservation!.Lines)
            ? null
            : new Finding(DiscrepancyKind.QuantitiesDiffer, order.OrderId, $"Ordered {Text(order.Lines)}, taken {Text(reservation!.Lines)}"),
        // Whether to take the stock after all or to find out where it went is for a person: it may have left the shelf.
        (OrderStatus.Completed, var status) => new Finding(DiscrepancyKind.StockNotCommitted, order.OrderId,
            status is null ? "Completed, but there is no reservation." : $"Completed, but its stock is {status}."),
        (_, StockClaim.Held) => new Finding(DiscrepancyKind.StockHeld, order.OrderId,
            $"{order.Status}, but held are {Text(reservation!.Lines)}", Repair.ReleaseStock),
        (_, StockClaim.Committed) => new Finding(DiscrepancyKind.StockCommitted, order.OrderId,
            $"{order.Status}, but taken were {Text(reservation!.Lines)}"),
        _ => null,
    };

    private static bool SameLines(IEnumerable<StockLine> ordered, IEnumerable<StockLine> taken) =>
        ordered.OrderBy(x => x.Sku, StringComparer.Ordinal).SequenceEqual(taken.OrderBy(x => x.Sku, StringComparer.Ordinal));

    private static string Text(IEnumerable<StockLine> lines) => string.Join(", ", lines.Select(x => $"{x.Quantity} {x.Sku}"));
}
