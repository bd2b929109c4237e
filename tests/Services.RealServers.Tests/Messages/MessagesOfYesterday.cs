using System.Globalization;
using System.Text.Json.Nodes;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.InventoryService.Data;
using OrderSample.NotificationService.Data;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.Services.RealServers.Tests.Notifications;

namespace OrderSample.Services.RealServers.Tests.Messages;

/// <summary>What waited in queues and outboxes while a service was replaced is handled by the new version, each message by its real endpoint.</summary>
[Collection(ServersCollection.Name)]
public sealed class MessagesOfYesterday(TestServers servers) : IDisposable
{
    private static readonly Customer Ada = new("Ada Löwe", "ada@example.com", "+49 30 901820");

    private readonly DirectoryInfo _mails = Directory.CreateTempSubdirectory("mails");

    [Fact]
    public async Task Take_an_order_from_its_beginning_to_its_end()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var orders = ServiceReplicas.StartOrders(place);
        var (submitted, payment) = (StoredEnvelope.Of<OrderSubmitted>(), StoredEnvelope.Of<PaymentReceived>());
        await orders.Given(Order(submitted.OrderId), new OrderState { CorrelationId = submitted.OrderId, Customer = Ada, Lines = [] });

        var begun = await Reaches(OrderStatus.Submitted, submitted);
        Assert.Equal(50.80m, begun.Total);
        Assert.Equal(DateTimeOffset.Parse(submitted.Message["submittedAt"]!.ToString(), CultureInfo.InvariantCulture), begun.SubmittedAt, TimeSpan.FromMicroseconds(1));
        await Reaches(OrderStatus.AwaitingPayment, StoredEnvelope.Of<StockReserved>());
        var paid = await Reaches(OrderStatus.Confirming, payment);
        Assert.Equal(Guid.Parse(payment.Message["paymentId"]!.ToString()), paid.PaymentId);
        await Reaches(OrderStatus.Completed, StoredEnvelope.Of<StockCommitted>());

        Task<OrderState> Reaches(OrderStatus status, StoredEnvelope envelope) => Arrives(envelope, status, orders, broker);
    }

    [Fact]
    public async Task End_an_order_that_is_short_cancelled_or_not_paid_in_time_and_give_money_back()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var orders = ServiceReplicas.StartOrders(place);
        var (shortage, cancellation) = (StoredEnvelope.Of<StockShort>(), StoredEnvelope.Of<CancellationRequested>());
        var (timeout, refund) = (StoredEnvelope.Of<PaymentTimeoutExpired>(), StoredEnvelope.Of<RefundDue>());
        var token = Guid.Parse(timeout.Envelope["headers"]!["MT-Scheduling-TokenId"]!.ToString());
        await orders.Given(
            State(shortage, OrderStatus.Submitted), State(cancellation, OrderStatus.AwaitingPayment), State(timeout, OrderStatus.AwaitingPayment, token),
            Order(refund.OrderId), Payment(refund));

        var rejected = await Arrives(shortage, OrderStatus.Rejected, orders, broker);
        Assert.Equal("Short of SIGNED-POSTER (3 of 7)", rejected.Reason);
        var cancelling = await Arrives(cancellation, OrderStatus.Cancelling, orders, broker);
        Assert.Equal("Bought elsewhere.", cancelling.Reason);
        await Arrives(StoredEnvelope.Of<StockReleased>(), OrderStatus.Cancelled, orders, broker);
        var late = await Arrives(timeout, OrderStatus.Cancelling, orders, broker);
        Assert.Equal("Not paid in time.", late.Reason);

        await refund.ArriveAt("order-refunds", broker);
        await Waiting.Until(1, () => orders.Query(x => x.Refunds.CountAsync()), "the refund");
        var given = await orders.Query(x => x.Refunds.SingleAsync());
        Assert.Equal((refund.OrderId, 50.80m, "The order was paid already."), (given.OrderId, given.Amount, given.Reason));
    }

    [Fact]
    public async Task Hold_take_and_release_stock_with_a_field_of_tomorrow_too()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var inventory = ServiceReplicas.StartInventory(place);
        var (reserve, release) = (StoredEnvelope.Of<ReserveStock>(), StoredEnvelope.Of<ReleaseStock>());
        var tomorrow = reserve.With(message =>
        {
            message["priority"] = "high";
            message["lines"]![0]!["warehouse"] = new JsonObject { ["name"] = "North" };
        });

        await tomorrow.ArriveAt(InventoryAddresses.ReservationsQueue, broker);
        var held = await Reaches(ReservationStatus.Held, reserve.OrderId);
        Assert.Equal([new StockLine("KETTLE", 2), new StockLine("BEANS-1KG", 1)], held.Lines);
        await StoredEnvelope.Of<CommitStock>().ArriveAt(InventoryAddresses.ReservationsQueue, broker);
        await Reaches(ReservationStatus.Committed, reserve.OrderId);
        await release.ArriveAt(InventoryAddresses.ReservationsQueue, broker);
        await Reaches(ReservationStatus.Released, release.OrderId);

        async Task<Reservation> Reaches(ReservationStatus status, Guid orderId)
        {
            await Waiting.Until(status, () => inventory.Query(x => x.Reservations.Where(row => row.OrderId == orderId).Select(row => (ReservationStatus?)row.Status).SingleOrDefaultAsync()), $"{orderId}");
            return await inventory.Query(x => x.Reservations.SingleAsync(row => row.OrderId == orderId));
        }
    }

    [Fact]
    public async Task Tell_customers_with_or_without_an_optional_field()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var gateway = await SmsGateway.Start();
        await using var notifications = ServiceReplicas.StartNotifications(place, gateway.Address, _mails);
        var completed = StoredEnvelope.Of<OrderCompleted>().With(message => message["customer"]!.AsObject().Remove("phone"));

        foreach (var envelope in new[] { StoredEnvelope.Of<OrderReserved>(), StoredEnvelope.Of<PaymentRefunded>(), completed })
        {
            await envelope.ArriveAt("notification-email", broker);
            await envelope.ArriveAt("notification-sms", broker);
        }

        await Waiting.Until(6, () => notifications.Query(x => x.Notifications.CountAsync()), "each notice by each channel");
        var rows = await notifications.Query(x => x.Notifications.AsNoTracking().ToListAsync());
        Assert.All(rows, row => Assert.Equal(
            row is { Kind: NotificationKind.OrderCompleted, Channel: NotificationChannel.Sms } ? NotificationStatus.Skipped : NotificationStatus.Sent, row.Status));
        Assert.Equal(3, _mails.GetFiles("*.eml").Length);
    }

    [Theory]
    [InlineData("lines", "'lines'")]
    [InlineData("orderId", "'orderId'")]
    public async Task Without_a_required_field_are_kept_at_once_with_its_name(string field, string named)
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var inventory = ServiceReplicas.StartInventory(place);
        var incomplete = StoredEnvelope.Of<ReserveStock>().With(message => message.Remove(field));

        await incomplete.ArriveAt(InventoryAddresses.ReservationsQueue, broker);

        var kept = await broker.Take($"{InventoryAddresses.ReservationsQueue}_error");
        Assert.Equal(incomplete.Text, kept.Text());
        Assert.Equal(
            ("System.Text.Json.JsonException", $"JSON deserialization for type '{typeof(ReserveStock)}' was missing required properties including: {named}."),
            (kept.Header("MT-Fault-ExceptionType"), kept.Header("MT-Fault-Message")));
        Assert.Null(kept.Header("OrderSample-Redeliveries"));
        Assert.Empty(await inventory.Query(x => x.Reservations.ToListAsync()));
    }

    [Fact]
    public async Task Of_a_type_that_is_gone_leave_the_outbox_as_they_were_stored_and_are_kept()
    {
        var place = await servers.NewPlace();
        await using var broker = await RawBroker.Connect(place);
        await using var orders = ServiceReplicas.StartOrders(place);
        var stored = StoredEnvelope.Of<PaymentTimeoutExpired>().Text.Replace(nameof(PaymentTimeoutExpired), "PaymentReminderDue", StringComparison.Ordinal);

        await orders.Given(new OutboxMessage
        {
            MessageId = Guid.NewGuid(),
            ContentType = "application/vnd.masstransit+json",
            MessageType = "urn:message:OrderSample.OrderService.DrivingOrder:PaymentReminderDue",
            Body = stored,
            DestinationAddress = new Uri($"rabbitmq://localhost/{place.VirtualHost}/{OrderSagaDefinition.Queue}"),
            SentTime = DateTime.UtcNow,
            EnqueueTime = DateTime.UtcNow,
        });

        Assert.Equal(stored, (await broker.Take($"{OrderSagaDefinition.Queue}_skipped")).Text());
    }

    public void Dispose() => _mails.Delete(recursive: true);

    private static async Task<OrderState> Arrives(StoredEnvelope envelope, OrderStatus status, ServiceReplica<OrderDbContext> orders, RawBroker broker)
    {
        await envelope.ArriveAt(OrderSagaDefinition.Queue, broker);
        await Waiting.Until(status.ToString(), () => orders.Query(x => x.OrderStates.Where(state => state.CorrelationId == envelope.OrderId).Select(state => state.CurrentState).SingleAsync()), $"{envelope.OrderId}");
        return await orders.Query(x => x.OrderStates.SingleAsync(state => state.CorrelationId == envelope.OrderId));
    }

    private static Order Order(Guid orderId) => new() { OrderId = orderId, Customer = Ada, Lines = [], Total = 50.80m, SubmittedAt = DateTimeOffset.UtcNow };

    private static OrderState State(StoredEnvelope envelope, OrderStatus status, Guid? token = null) =>
        new() { CorrelationId = envelope.OrderId, CurrentState = status.ToString(), Customer = Ada, Lines = [], Total = 50.80m, TimeoutToken = token };

    private static Payment Payment(StoredEnvelope refund) =>
        new() { PaymentId = Guid.Parse(refund.Message["paymentId"]!.ToString()), OrderId = refund.OrderId, Amount = 50.80m, ReceivedAt = DateTimeOffset.UtcNow };
}
