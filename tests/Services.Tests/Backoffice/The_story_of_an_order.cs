using System.Globalization;
using OrderSample.Backoffice.Console.Orders;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.ReadingDeadLetters;
using OrderSample.ServiceDefaults.Messaging.Redelivery;

namespace OrderSample.Services.Tests.Backoffice;

/// <summary>What the order's page tells: the saga's timeline, what failed on the way and what people did about it, as one story.</summary>
public sealed class The_story_of_an_order
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 29, 14, 0, 0, TimeSpan.Zero);
    private static readonly Guid OrderId = Guid.NewGuid();

    [Fact]
    public void Goes_from_the_customer_through_the_services_and_back()
    {
        var story = OrderStory.Of(
            [At(0, "OrderSubmitted"), At(0.1, "ReserveStock"), At(0.2, "StockReserved"), At(1, "PaymentReceived", "25.00"), At(1.1, "CommitStock"), At(1.2, "StockCommitted")],
            Failed(), [new NotificationRow("OrderReserved", "Email", "Sent", 3, Begin.AddSeconds(0.5)), new NotificationRow("OrderCompleted", "Sms", "Pending", 0, null)], Begin);

        Assert.Equal(
            [
                "Customer OrderService Order submitted", "OrderService InventoryService Reserve stock", "InventoryService OrderService Stock reserved",
                "NotificationService Customer Order reserved, by email", "Customer OrderService Payment received", "OrderService InventoryService Commit stock", "InventoryService OrderService Stock committed",
            ],
            story.Select(Words));
        Assert.Equal("3 attempts.", story[3].Detail);
    }

    [Fact]
    public void Tells_of_a_message_when_it_was_sent_and_how_long_it_waited_in_the_outbox()
    {
        var story = OrderStory.Of(
            [
                At(0, "OrderSubmitted"), Waited(0, 12, "OrderSubmitted"), At(12.2, "ReserveStock"), Waited(12.4, 20, "StockReserved"), At(20.1, "StockReserved"),
                At(30, "CancellationRequested", "Too late"), At(31, "PaymentReceived", "25.00"), Waited(25, 30.5, "PaymentReceived"),
            ],
            Failed(), [], Begin);

        Assert.Equal(
            [
                "0 Customer OrderService Order submitted", "12 OrderService OrderService Order submitted: 12.0 s in the outbox", "12.2 OrderService InventoryService Reserve stock",
                "12.4 InventoryService OrderService Stock reserved", "20 InventoryService InventoryService Stock reserved: 7.6 s in the outbox",
                "25 Customer OrderService Payment received", "30 Customer OrderService Cancellation requested", "30.5 OrderService OrderService Payment received: 5.5 s in the outbox",
            ],
            story.Select(step => string.Create(CultureInfo.InvariantCulture, $"{(step.At - Begin).TotalSeconds:0.#} {Words(step)}")));
        Assert.Equal(Begin.AddSeconds(25), story[^1].Since);
    }

    [Fact]
    public void Tells_a_failure_with_its_tries_and_who_replayed_it()
    {
        var letter = Letter(7, attempts: 1, copies: 2, last: 20);
        var story = OrderStory.Of(
            [At(0, "OrderSubmitted"), At(0.1, "ReserveStock"), At(31, "StockReserved")],
            Failed(new DeadLetterOfOrder(letter, Redeliveries: 2, Retries: 6, [new DeadLetterActionView(DeadLetterActionKind.Replayed, "lise", "mended", Begin.AddSeconds(30), null)], Begin.AddSeconds(20))), [], Begin);

        Assert.Equal(
            [
                "Customer OrderService Order submitted", "OrderService InventoryService Reserve stock", "InventoryService Desk ReserveStock failed: dead letter 7",
                "InventoryService Desk 2 copies of ReserveStock failed, too", "Desk InventoryService ReserveStock replayed by lise", "InventoryService OrderService Stock reserved",
            ],
            story.Select(Words));
        Assert.Equal("ChaosException: poison (6 immediate retries, 2 redeliveries)", story[2].Detail);
        Assert.Equal("/desk/7", story[2].Link);
        Assert.Equal("mended", story[4].Detail);
    }

    /// <summary>What the letter knows of its reason is that of the last failure, and is told there.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void Tells_that_a_replay_failed_again_with_copies_or_without(int copies)
    {
        var letter = Letter(7, attempts: 2, copies, last: 40);
        var story = OrderStory.Of([], Failed(new DeadLetterOfOrder(letter, 0, Retries: 6, [new DeadLetterActionView(DeadLetterActionKind.Replayed, "lise", "mended", Begin.AddSeconds(30), null)], copies == 0 ? null : Begin.AddSeconds(20))), [], Begin);

        Assert.Equal(
            [
                "InventoryService Desk ReserveStock: dead letter 7", .. copies == 0 ? (string[])[] : ["InventoryService Desk 1 copy of ReserveStock failed, too"], "Desk InventoryService ReserveStock replayed by lise",
                "InventoryService Desk ReserveStock failed again, attempt 2",
            ],
            story.Select(Words));
        Assert.Null(story[0].Detail);
        Assert.Equal("ChaosException: poison (6 immediate retries)", story[^1].Detail);
    }

    [Theory]
    [InlineData(31)]
    [InlineData(29.9)]
    public void Tells_after_the_replay_that_it_was_handled_and_by_whom_however_fast_the_consumer_was(double handled)
    {
        var letter = Letter(7, attempts: 1, copies: 0, last: 20) with { Status = DeadLetterStatus.Handled, HandledAt = Begin.AddSeconds(handled), HandledBy = "inventory-reservations" };
        var story = OrderStory.Of([At(32, "StockReserved")], Failed(new DeadLetterOfOrder(letter, 0, 0, [new DeadLetterActionView(DeadLetterActionKind.Replayed, "lise", "mended", Begin.AddSeconds(30), null)])), [], Begin);

        Assert.Equal(
            [
                "InventoryService Desk ReserveStock failed: dead letter 7", "Desk InventoryService ReserveStock replayed by lise", "InventoryService Desk ReserveStock handled by inventory-reservations",
                "InventoryService OrderService Stock reserved",
            ],
            story.Select(Words));
    }

    [Theory]
    [InlineData("OrderSample.Contracts.Inventory.Events:StockReserved", Lane.InventoryService, Lane.OrderService)]
    [InlineData("OrderSample.Contracts.Ordering.Events:OrderCompleted", Lane.OrderService, Lane.NotificationService)]
    public void Sends_an_event_that_found_no_queue_to_who_consumes_it(string exchange, Lane from, Lane to)
    {
        var letter = Letter(7, attempts: 1, copies: 0, last: 20) with { Cause = DeadLetterCause.Unrouted, Endpoint = exchange, MessageType = $"urn:message:{exchange}" };
        var story = OrderStory.Of([], Failed(new DeadLetterOfOrder(letter, 0, 0, [new DeadLetterActionView(DeadLetterActionKind.Replayed, "lise", "bound", Begin.AddSeconds(30), null)])), [], Begin);

        Assert.Equal([(from, Lane.Desk), (Lane.Desk, to)], story.Select(step => (step.From, step.To)));
    }

    [Fact]
    public void Folds_what_repeats_until_something_else_happens()
    {
        var story = OrderStory.Of(
            [At(0, "ReserveStock"), At(15, "Resent", "No answer (1)"), At(30, "Resent", "No answer (2)"), At(45, "Resent", "No answer (3)"), At(60, "Resent", "No answer (4)")],
            Failed(new DeadLetterOfOrder(Letter(7, attempts: 1, copies: 0, last: 20), 0, 0, [])), [], Begin);

        Assert.Equal(["Reserve stock 1", "Command sent again 1", "ReserveStock failed: dead letter 7 1", "Command sent again 3"], story.Select(step => $"{step.Title} {step.Times}"));
        Assert.Equal((Begin.AddSeconds(30), Begin.AddSeconds(60), "No answer (4)"), (story[3].At, story[3].LastAt, story[3].Detail));
    }

    /// <summary>Retried at once, then after 5 seconds, then after 15.</summary>
    [Theory]
    [InlineData(0, 5, 0.1, "5", "Next try in 5 s")]
    [InlineData(5, 20, 18.5, "5, 15", "Redelivered after 5 s, next try in 2 s")]
    [InlineData(5, 20, 21, "5, 15", "Redelivered after 5, 15 s")]
    public void Tells_before_there_is_a_dead_letter_what_failed_how_often_it_was_redelivered_and_when_it_is_tried_next(int last, int next, double now, string delays, string redelivered)
    {
        var failed = Repetition(RepetitionCause.Failed, last) with { Delays = delays, NextAt = Begin.AddSeconds(next) };
        var story = OrderStory.Of([], new FoundFailures([], [failed]), [], Begin.AddSeconds(now));

        Assert.Equal(["InventoryService InventoryService ReserveStock failed", $"InventoryService InventoryService {redelivered}"], story.Select(Words));
        Assert.Equal("ChaosException: poison (6 immediate retries)", story[0].Detail);
    }

    [Fact]
    public void Tells_that_a_message_waits_for_what_is_away()
    {
        var waits = Repetition(RepetitionCause.DependencyAway, last: 40) with { ExceptionType = "Npgsql.NpgsqlException", ExceptionMessage = "no connection", Retries = 0, NextAt = Begin.AddSeconds(45) };
        var step = Assert.Single(OrderStory.Of([], new FoundFailures([], [waits]), [], Begin.AddSeconds(42)));

        Assert.Equal(("ReserveStock waits for what inventory-reservations needs", "NpgsqlException: no connection Next try in 3 s", Begin.AddSeconds(40)), (step.Title, step.Detail, step.LastAt));
    }

    [Theory]
    [InlineData(2, "ReserveStock delivered twice, counted once")]
    [InlineData(3, "ReserveStock delivered 3 times, counted once")]
    public void Tells_after_a_crash_in_mid_work_that_the_message_was_delivered_again_and_counted_once(int deliveries, string title) =>
        Assert.Equal(title, Assert.Single(OrderStory.Of([], new FoundFailures([], [Repetition(RepetitionCause.Unacknowledged, 3) with { Deliveries = deliveries }]), [], Begin)).Title);

    private static FoundFailures Failed(params IReadOnlyList<DeadLetterOfOrder> letters) => new(letters, []);

    private static DeliveryRepetition Repetition(RepetitionCause cause, int last) => new()
    {
        MessageId = "m",
        MessageType = "OrderSample.Contracts.Inventory.Commands:ReserveStock",
        OrderId = OrderId,
        Endpoint = "inventory-reservations",
        Replay = 0,
        Cause = cause,
        FirstAt = Begin,
        LastAt = Begin.AddSeconds(last),
        ExceptionType = "OrderSample.ServiceDefaults.Chaos.ChaosException",
        ExceptionMessage = "poison",
        Retries = 6,
        Delays = "",
        NextAt = null,
        Deliveries = 0,
    };

    private static string Words(StoryStep step) => $"{step.From} {step.To} {step.Title}";

    private static OrderEvent At(double seconds, string name, string? detail = null) => new(Begin.AddSeconds(seconds), name, detail);

    private static OrderEvent Waited(double stored, double sent, string message) => At(sent, "WaitedInOutbox", message) with { StoredAt = Begin.AddSeconds(stored) };

    private static DeadLetterSummary Letter(long id, int attempts, int copies, int last) => new(
        id, Guid.NewGuid(), DeadLetterStatus.Open, DeadLetterCause.Failed, "inventory-reservations_error", "inventory-reservations", "m", "urn:message:OrderSample.Contracts.Inventory.Commands:ReserveStock",
        OrderId, "OrderSample.ServiceDefaults.Chaos.ChaosException", "poison", attempts, copies, Begin.AddSeconds(16), Begin.AddSeconds(last));
}
