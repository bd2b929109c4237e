using System.Text.Json;
using Npgsql;
using OrderSample.Bench.Twin.Messaging;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.Contracts.Ordering.Events;

namespace OrderSample.Bench.Twin.Ordering;

/// <summary>A timeout's message to the saga itself.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="State">The state that lasted too long.</param>
internal sealed record TimeoutExpired(Guid OrderId, string State);

/// <summary>Moves orders on, by the real saga's table as far as an order that is not called off can get.</summary>
internal sealed class OrderSaga(NpgsqlDataSource database, Outbox outbox)
{
    public const string Queue = "order-saga";
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan PaymentTimeout = TimeSpan.FromMinutes(15);

    private static readonly Type[] Events =
        [typeof(OrderSubmitted), typeof(PaymentReceived), typeof(StockReserved), typeof(StockShort), typeof(StockCommitted), typeof(StockReleased)];

    public static async Task Start(IServiceProvider services)
    {
        var database = services.GetRequiredService<NpgsqlDataSource>();
        await using (var create = database.CreateCommand(Outbox.Schema + OrderRow.Schema))
            await create.ExecuteNonQueryAsync();
        var broker = services.GetRequiredService<Broker>();
        await broker.DeclareEvents(typeof(OrderReserved), typeof(OrderRejected), typeof(OrderCompleted), typeof(OrderCancelled));
        var saga = new OrderSaga(database, services.GetRequiredService<Outbox>());
        await broker.Consume(Queue, prefetch: 64, atOnce: 16, Events, saga.Handle, services.GetRequiredService<ILogger<OrderSaga>>());
    }

    private async Task Handle(ReceivedMessage message)
    {
        using var content = JsonDocument.Parse(message.Body);
        var orderId = content.RootElement.GetProperty("orderId").GetGuid();
        await using var transaction = await InboxTransaction.Begin(database, message, Queue, OrderRow.Lock(orderId));
        if (transaction.IsNew && (await transaction.Read(OrderRow.Of)).SingleOrDefault() is { } order && Next(orderId, order, message) is { } step)
            Take(transaction, orderId, order, step, message.Type);
        await transaction.Commit(outbox);
    }

    /// <summary>What a message leads to; null when the state has no use for it.</summary>
    private static Step? Next(Guid orderId, OrderRow order, ReceivedMessage message) => (order.State, message.Type) switch
    {
        ("Initial", nameof(OrderSubmitted)) => Reserve(orderId, order),
        ("Initial" or "Submitted", nameof(PaymentReceived)) when order.PaymentId is null =>
            new Step(order.State) { PaymentId = PaymentOf(message), KeepsTimeout = true },
        ("Submitted", nameof(StockReserved)) when order.PaymentId is not null => Confirm(orderId, order.PaymentId, Reserved(orderId, order)),
        ("Submitted", nameof(StockReserved)) => new Step("AwaitingPayment") { Messages = [Reserved(orderId, order)], Timeout = PaymentTimeout },
        ("Submitted", nameof(StockShort)) => new Step("Rejected") { Messages = [StoredMessage.Event(new OrderRejected(orderId, order.Customer, order.Total, "Short."))] },
        ("AwaitingPayment", nameof(PaymentReceived)) => Confirm(orderId, PaymentOf(message)),
        ("Confirming", nameof(StockCommitted)) => new Step("Completed") { Messages = [StoredMessage.Event(new OrderCompleted(orderId, order.Customer, order.Total))] },
        ("Cancelling", nameof(StockReleased)) => new Step("Cancelled") { Messages = [StoredMessage.Event(new OrderCancelled(orderId, order.Customer, order.Total, "Not paid in time."))] },
        (var state, nameof(TimeoutExpired)) when message.Read<TimeoutExpired>().State == state => state switch
        {
            "Submitted" => Reserve(orderId, order),
            "Confirming" => Confirm(orderId, order.PaymentId),
            "AwaitingPayment" or "Cancelling" => Release(orderId),
            _ => null,
        },
        _ => null,
    };

    private static Step Reserve(Guid orderId, OrderRow order) =>
        new("Submitted") { Messages = [Command(new ReserveStock(orderId, order.Lines))], Timeout = AnswerTimeout };

    private static Step Confirm(Guid orderId, Guid? paymentId, params StoredMessage[] first) =>
        new("Confirming") { PaymentId = paymentId, Messages = [.. first, Command(new CommitStock(orderId))], Timeout = AnswerTimeout };

    private static Step Release(Guid orderId) =>
        new("Cancelling") { Messages = [Command(new ReleaseStock(orderId))], Timeout = AnswerTimeout };

    private static StoredMessage Reserved(Guid orderId, OrderRow order) => StoredMessage.Event(new OrderReserved(orderId, order.Customer, order.Total));

    private static StoredMessage Command<T>(T command)
        where T : class =>
        StoredMessage.Command(InventoryAddresses.ReservationsQueue, command);

    private static Guid PaymentOf(ReceivedMessage message) => message.Read<PaymentReceived>().PaymentId;

    private static void Take(InboxTransaction transaction, Guid orderId, OrderRow order, Step step, string what)
    {
        var timeoutId = step.KeepsTimeout ? order.TimeoutId : null;
        if (!step.KeepsTimeout && order.TimeoutId is { } ended)
            transaction.Write("""DELETE FROM "Outbox" WHERE "Id" = $1""", ended);
        foreach (var message in step.Messages)
            transaction.Send(message);
        if (step.Timeout is { } delay)
        {
            var timeout = StoredMessage.Timeout(Queue, new TimeoutExpired(orderId, step.State), delay);
            transaction.Send(timeout);
            timeoutId = timeout.Id;
        }

        transaction.Write("""
            UPDATE "OrderStates" SET "CurrentState" = $2, "PaymentId" = coalesce($3, "PaymentId"), "TimeoutId" = $4, "UpdatedAt" = now(),
                "Timeline" = "Timeline" || jsonb_build_object('at', now(), 'event', $5::text)
            WHERE "OrderId" = $1
            """, orderId, step.State, (object?)step.PaymentId ?? DBNull.Value, (object?)timeoutId ?? DBNull.Value, what);
    }

    /// <summary>What is done with an order.</summary>
    /// <param name="State">The state it gets into.</param>
    private sealed record Step(string State)
    {
        /// <summary>The payment it is completed for, if that has just come.</summary>
        public Guid? PaymentId { get; init; }

        public IReadOnlyList<StoredMessage> Messages { get; init; } = [];

        /// <summary>How long the new state may last.</summary>
        public TimeSpan? Timeout { get; init; }

        /// <summary>The state has not changed, and goes on being timed.</summary>
        public bool KeepsTimeout { get; init; }
    }
}
