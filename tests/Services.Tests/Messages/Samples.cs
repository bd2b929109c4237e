using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.Contracts.Reconciling;
using OrderSample.Contracts.Reconciling.Commands;
using OrderSample.Contracts.Reconciling.Events;
using OrderSample.OrderService.AttendingOrder;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.Services.Tests.Messages;

/// <summary>One of each message, with something in every property.</summary>
internal static class Samples
{
    private static readonly Guid OrderId = new("11111111-1111-1111-1111-111111111111");
    private static readonly Guid PaymentId = new("22222222-2222-2222-2222-222222222222");
    private static readonly Guid RunId = new("33333333-3333-3333-3333-333333333333");
    private static readonly Guid PageId = new("44444444-4444-4444-4444-444444444444");
    private const string Backlog = "The queue inventory-reservations has 12 messages.";
    private static readonly Customer Ada = new("Ada Löwe", "ada@example.com", "+49 30 901820");
    private static readonly DateTimeOffset At = new(2026, 11, 28, 21, 22, 12, 345, TimeSpan.Zero);
    private static readonly StockLine[] StockLines = [new("KETTLE", 2), new("BEANS-1KG", 1)];

    /// <summary>By type.</summary>
    public static IReadOnlyDictionary<Type, object> All { get; } = new object[]
    {
        new OrderSubmitted(OrderId, Ada, [new OrderLine("KETTLE", 2, 14.90m), new OrderLine("BEANS-1KG", 1, 21m)], 50.80m, At),
        new OrderReserved(OrderId, Ada, 50.80m),
        new OrderRejected(OrderId, Ada, 50.80m, "Short of KETTLE (1 of 2)"),
        new OrderCompleted(OrderId, Ada, 50.80m),
        new OrderCancelled(OrderId, Ada, 50.80m, "Not paid in time."),
        new CancellationRequested(OrderId, "Bought elsewhere.", At),
        new PaymentReceived(OrderId, PaymentId, 50.80m, At),
        new RefundDue(OrderId, PaymentId, Ada, 50.80m, "The order was paid already."),
        new PaymentRefunded(OrderId, PaymentId, Ada, 50.80m, "The order was paid already."),
        new AttentionRetryRequested(OrderId, "Grace", "The warehouse is back."),
        new AttentionCancelRequested(OrderId, "Grace", "The warehouse has burnt down."),
        new StockTimeoutExpired(OrderId),
        new PaymentTimeoutExpired(OrderId),
        new ConfirmTimeoutExpired(OrderId),
        new ReleaseTimeoutExpired(OrderId),
        new ReserveStock(OrderId, StockLines),
        new CommitStock(OrderId),
        new ReleaseStock(OrderId),
        new StockReserved(OrderId),
        new StockShort(OrderId, [new Shortage("KETTLE", 2, 1)]),
        new StockCommitted(OrderId),
        new StockReleased(OrderId),
        new ReportReservations(RunId, PageId, [OrderId], At),
        new ReportChangedReservations(RunId, PageId, new LedgerPosition(At, OrderId), At.AddHours(1), At),
        new ReportNotifications(RunId, PageId, [OrderId], At),
        new ReservationsReported(RunId, PageId, OneForEachStatus(), new LedgerPosition(At, OrderId), At, Backlog),
        new NotificationsReported(RunId, PageId, [new ReportedNotification(OrderId, nameof(PaymentRefunded), PaymentId.ToString())], At, Backlog),
    }.ToDictionary(message => message.GetType());

    /// <summary>They travel as numbers; in the order of their names, so that a number that changes is seen.</summary>
    private static ReportedReservation[] OneForEachStatus() =>
        [.. Enum.GetNames<StockClaim>().Order(StringComparer.Ordinal).Select(name => new ReportedReservation(OrderId, Enum.Parse<StockClaim>(name), StockLines))];
}
