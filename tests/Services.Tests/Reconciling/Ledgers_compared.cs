using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Reconciling.Events;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.Reconciling;

namespace OrderSample.Services.Tests.Reconciling;

public sealed class Ledgers_compared
{
    private static readonly Guid OrderId = Guid.NewGuid();
    private static readonly DateTimeOffset Ended = new(2026, 11, 28, 21, 22, 12, TimeSpan.Zero);
    private static readonly StockLine[] Ordered = [new("KETTLE", 2), new("MUG", 1)];

    /// <summary>Every status of an order with every status of its reservation, and none.</summary>
    [Theory]
    [InlineData(OrderStatus.Completed, StockClaim.Committed, null, null)]
    [InlineData(OrderStatus.Completed, StockClaim.Held, DiscrepancyKind.StockNotCommitted, null)]
    [InlineData(OrderStatus.Completed, StockClaim.Released, DiscrepancyKind.StockNotCommitted, null)]
    [InlineData(OrderStatus.Completed, StockClaim.Refused, DiscrepancyKind.StockNotCommitted, null)]
    [InlineData(OrderStatus.Completed, null, DiscrepancyKind.StockNotCommitted, null)]
    [InlineData(OrderStatus.Cancelled, StockClaim.Committed, DiscrepancyKind.StockCommitted, null)]
    [InlineData(OrderStatus.Cancelled, StockClaim.Held, DiscrepancyKind.StockHeld, Repair.ReleaseStock)]
    [InlineData(OrderStatus.Cancelled, StockClaim.Released, null, null)]
    [InlineData(OrderStatus.Cancelled, StockClaim.Refused, null, null)]
    [InlineData(OrderStatus.Cancelled, null, null, null)]
    [InlineData(OrderStatus.Rejected, StockClaim.Committed, DiscrepancyKind.StockCommitted, null)]
    [InlineData(OrderStatus.Rejected, StockClaim.Held, DiscrepancyKind.StockHeld, Repair.ReleaseStock)]
    [InlineData(OrderStatus.Rejected, StockClaim.Released, null, null)]
    [InlineData(OrderStatus.Rejected, StockClaim.Refused, null, null)]
    [InlineData(OrderStatus.Rejected, null, null, null)]
    public void An_order_with_its_reservation(OrderStatus status, StockClaim? claim, DiscrepancyKind? kind, Repair? repair)
    {
        var found = LedgerComparison.OrdersWithReservations([Order(status)], Reservations(claim)).SingleOrDefault();

        Assert.Equal((kind, repair), (found?.Kind, found?.Repair));
    }

    [Theory]
    [InlineData(OrderStatus.Submitted)]
    [InlineData(OrderStatus.AwaitingPayment)]
    [InlineData(OrderStatus.Confirming)]
    [InlineData(OrderStatus.Cancelling)]
    [InlineData(OrderStatus.NeedsAttention)]
    public void Nothing_is_said_about_an_order_that_is_not_final(OrderStatus status)
    {
        Assert.Empty(LedgerComparison.OrdersWithReservations([Order(status)], Reservations(StockClaim.Committed)));
        Assert.Empty(LedgerComparison.ReservationsWithOrders(Reservations(StockClaim.Held), [Order(status)]));
        Assert.Empty(LedgerComparison.OrdersWithNotifications([Order(status)], []));
    }

    [Fact]
    public void Nothing_is_said_about_an_order_that_has_moved_meanwhile()
    {
        var moved = Order(OrderStatus.Completed) with { Moved = true };

        Assert.Empty(LedgerComparison.ReservationsWithOrders(Reservations(StockClaim.Held), [moved]));
        Assert.Empty(LedgerComparison.OrdersWithNotifications([moved], []));
    }

    [Fact]
    public void Other_quantities_are_found_and_another_sequence_is_not()
    {
        ReportedReservation taken = new(OrderId, StockClaim.Committed, [new("MUG", 1), new("KETTLE", 2)]);
        Assert.Empty(LedgerComparison.OrdersWithReservations([Order(OrderStatus.Completed)], [taken]));

        var other = taken with { Lines = [new("KETTLE", 3), new("MUG", 1)] };
        var found = Assert.Single(LedgerComparison.OrdersWithReservations([Order(OrderStatus.Completed)], [other]));
        Assert.Equal((DiscrepancyKind.QuantitiesDiffer, (Repair?)null), (found.Kind, found.Repair));
    }

    [Theory]
    [InlineData(StockClaim.Held, true)]
    [InlineData(StockClaim.Committed, true)]
    [InlineData(StockClaim.Released, false)]
    [InlineData(StockClaim.Refused, false)]
    public void A_reservation_of_no_order_matters_when_it_has_stock(StockClaim claim, bool isFound) =>
        Assert.Equal(isFound ? [DiscrepancyKind.OrderUnknown] : [], LedgerComparison.ReservationsWithOrders(Reservations(claim), []).Select(x => x.Kind));

    [Theory]
    [InlineData(OrderStatus.Completed, "OrderCompleted", false)]
    [InlineData(OrderStatus.Completed, "OrderReserved", true)]
    [InlineData(OrderStatus.Cancelled, "OrderCancelled", false)]
    [InlineData(OrderStatus.Cancelled, "OrderCompleted", true)]
    [InlineData(OrderStatus.Rejected, "OrderRejected", false)]
    [InlineData(OrderStatus.Rejected, "OrderCancelled", true)]
    public void A_final_order_whose_customer_does_not_know_it_is_found(OrderStatus status, string told, bool isFound)
    {
        var found = LedgerComparison.OrdersWithNotifications([Order(status)], [new ReportedNotification(OrderId, told)]);

        Assert.Equal(isFound ? [(DiscrepancyKind.NotificationMissing, Repair.PublishEvents)] : [], found.Select(x => (x.Kind, x.Repair!.Value)));
    }

    [Theory]
    [InlineData(OrderStatus.AwaitingPayment)]
    [InlineData(OrderStatus.Confirming)]
    [InlineData(OrderStatus.Cancelling)]
    [InlineData(OrderStatus.NeedsAttention)]
    public void A_reserved_order_whose_customer_was_not_told_is_found_before_it_is_final(OrderStatus status)
    {
        var order = Order(status) with { ReservedAt = Ended.AddMinutes(-1) };

        var found = Assert.Single(LedgerComparison.OrdersWithNotifications([order], []));
        Assert.Equal([new ReportedNotification(OrderId, "OrderReserved")], found.Untold);
        Assert.Equal(order.ReservedAt, found.Since);
        Assert.Empty(LedgerComparison.OrdersWithNotifications([order], found.Untold));
    }

    [Fact]
    public void All_that_a_customer_was_not_told_of_an_order_is_one_finding()
    {
        var (told, untold) = (new LedgerRefund(Guid.NewGuid(), Ended), new LedgerRefund(Guid.NewGuid(), Ended.AddMinutes(1)));
        var order = Order(OrderStatus.Cancelled) with { ReservedAt = Ended.AddMinutes(-1), Refunds = [told, untold] };

        var found = Assert.Single(LedgerComparison.OrdersWithNotifications([order], [new ReportedNotification(OrderId, "PaymentRefunded", told.PaymentId.ToString())]));
        Assert.Equal(
            [new ReportedNotification(OrderId, "OrderReserved"), new ReportedNotification(OrderId, "OrderCancelled"), new ReportedNotification(OrderId, "PaymentRefunded", untold.PaymentId.ToString())],
            found.Untold);
        Assert.Equal(untold.At, found.Since);
    }

    private static LedgerOrder Order(OrderStatus status) => new(OrderId, status, Ordered, Ended, ReservedAt: null, []);

    private static ReportedReservation[] Reservations(StockClaim? claim) =>
        claim is { } status ? [new ReportedReservation(OrderId, status, Ordered)] : [];
}
