using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.OrderService.AttendingOrder;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.Services.Tests.Ordering;

public sealed class The_decision_table(SagaHarness saga) : IClassFixture<SagaHarness>
{
    private const string NotBegun = "Initial";

    private static readonly string[] States = [NotBegun, .. Enum.GetNames<OrderStatus>()];

    /// <summary>Every event, and where it takes an order from which states. What isn't listed leaves the order where it is.</summary>
    private static readonly Dictionary<Type, Dictionary<string, string>> Moves = new()
    {
        [typeof(OrderSubmitted)] = new() { [NotBegun] = "Submitted" },
        [typeof(StockReserved)] = new() { ["Submitted"] = "AwaitingPayment" },
        [typeof(StockShort)] = new() { ["Submitted"] = "Rejected" },
        [typeof(PaymentReceived)] = new() { ["AwaitingPayment"] = "Confirming" },
        [typeof(StockCommitted)] = new() { ["Confirming"] = "Completed" },
        [typeof(CancellationRequested)] = new() { ["Submitted"] = "Cancelling", ["AwaitingPayment"] = "Cancelling" },
        [typeof(StockReleased)] = new() { ["Cancelling"] = "Cancelled", ["NeedsAttention"] = "Cancelled" },
        [typeof(PaymentTimeoutExpired)] = new() { ["AwaitingPayment"] = "Cancelling" },
        [typeof(AttentionRetryRequested)] = new() { ["NeedsAttention"] = "Cancelling" },
        [typeof(AttentionCancelRequested)] = new() { ["NeedsAttention"] = "Cancelling" },
        [typeof(StockTimeoutExpired)] = [],
        [typeof(ConfirmTimeoutExpired)] = [],
        [typeof(ReleaseTimeoutExpired)] = [],
    };

    public static TheoryData<string, Type> EveryPair()
    {
        var pairs = new TheoryData<string, Type>();
        foreach (var state in States)
        {
            foreach (var type in Moves.Keys)
                pairs.Add(state, type);
        }

        return pairs;
    }

    [Theory]
    [MemberData(nameof(EveryPair))]
    public async Task No_event_throws_in_any_state_even_twice(string state, Type type)
    {
        var order = saga.Given(state);
        var message = Message(type, order.CorrelationId);

        var exception = await PublishAsync(message);

        Assert.Null(exception);
        var expected = Moves[type].GetValueOrDefault(state, state);
        Assert.Equal(expected, order.CurrentState);

        Assert.Null(await PublishAsync(message));
        if (message is not (StockTimeoutExpired or ConfirmTimeoutExpired or ReleaseTimeoutExpired))
            Assert.Equal(expected, order.CurrentState);
    }

    [Theory]
    [InlineData("Submitted", typeof(StockTimeoutExpired), "Cancelling")]
    [InlineData("Confirming", typeof(ConfirmTimeoutExpired), "NeedsAttention")]
    [InlineData("Cancelling", typeof(ReleaseTimeoutExpired), "NeedsAttention")]
    public async Task An_unanswered_command_is_sent_again_and_then_given_up(string state, Type type, string end)
    {
        var order = saga.Given(state);
        var message = Message(type, order.CorrelationId);

        Assert.Null(await PublishAsync(message));
        Assert.Null(await PublishAsync(message));
        Assert.Equal((state, 2), (order.CurrentState, order.Resends));

        Assert.Null(await PublishAsync(message));
        Assert.Equal(end, order.CurrentState);
        Assert.NotNull(order.Reason);
    }

    [Fact]
    public async Task When_a_commit_is_given_up_the_money_and_the_stock_are_given_back_whatever_is_committed_late()
    {
        var order = saga.Given("Confirming");
        var payment = order.PaymentId!.Value;
        for (var i = 0; i < 3; i++)
            Assert.Null(await saga.WhenAsync(new ConfirmTimeoutExpired(order.CorrelationId)));
        Assert.Equal("NeedsAttention", order.CurrentState);
        Assert.Equal([payment], order.Refunds);
        Assert.True(await saga.Harness.Sent.Any<ReleaseStock>(x => x.Context.Message.OrderId == order.CorrelationId));

        Assert.Null(await saga.WhenAsync(new StockCommitted(order.CorrelationId)));
        Assert.Equal("NeedsAttention", order.CurrentState);
        Assert.Null(await saga.WhenAsync(new StockReleased(order.CorrelationId)));
        Assert.Equal("Cancelled", order.CurrentState);
        Assert.Equal([payment], order.Refunds);
    }

    [Fact]
    public async Task A_command_is_in_the_timeline_after_what_caused_it()
    {
        var order = saga.Given("AwaitingPayment");
        Assert.Null(await saga.WhenAsync(Payment(order.CorrelationId)));
        Assert.Equal(["PaymentReceived", "CommitStock"], order.Timeline.Select(x => x.Event));
    }

    [Fact]
    public async Task A_parked_order_that_is_taken_up_again_has_all_its_resends_before_it()
    {
        var order = saga.Given("NeedsAttention");
        order.Resends = 2;
        Assert.Null(await saga.WhenAsync(new AttentionRetryRequested(order.CorrelationId, "Grace", "The warehouse is back.")));
        Assert.Equal(("Cancelling", 0), (order.CurrentState, order.Resends));
        Assert.NotNull(order.TimeoutToken);
        Assert.Equal([("AttentionRetryRequested", "Grace: The warehouse is back."), ("ReleaseStock", null)], order.Timeline.Select(x => (x.Event, x.Detail)));
        Assert.True(await saga.Harness.Sent.Any<ReleaseStock>(x => x.Context.Message.OrderId == order.CorrelationId));
    }

    [Fact]
    public async Task A_payment_that_overtakes_the_reservation_completes_the_order()
    {
        var order = saga.Given("Submitted");
        Assert.Null(await saga.WhenAsync(Payment(order.CorrelationId)));
        Assert.Null(await saga.WhenAsync(new StockReserved(order.CorrelationId)));
        Assert.Equal("Confirming", order.CurrentState);
        Assert.Null(await saga.WhenAsync(new StockCommitted(order.CorrelationId)));
        Assert.Equal("Completed", order.CurrentState);
    }

    [Fact]
    public async Task A_payment_that_overtakes_the_submission_is_not_lost()
    {
        var order = saga.Given(NotBegun);
        var payment = Payment(order.CorrelationId);
        Assert.Null(await saga.WhenAsync(payment));
        Assert.Equal(NotBegun, order.CurrentState);
        Assert.Null(await PublishAsync(Message(typeof(OrderSubmitted), order.CorrelationId)));
        Assert.Equal(("Submitted", payment.PaymentId), (order.CurrentState, order.PaymentId));
    }

    [Fact]
    public async Task A_cancellation_that_overtakes_the_submission_is_not_lost()
    {
        var order = saga.Given(NotBegun);
        Assert.Null(await PublishAsync(Message(typeof(CancellationRequested), order.CorrelationId)));
        Assert.Null(await PublishAsync(Message(typeof(OrderSubmitted), order.CorrelationId)));
        Assert.Equal("Cancelling", order.CurrentState);
    }

    [Fact]
    public async Task A_payment_that_follows_an_early_cancellation_is_given_back()
    {
        var order = saga.Given(NotBegun);
        Assert.Null(await PublishAsync(Message(typeof(CancellationRequested), order.CorrelationId)));
        var payment = Payment(order.CorrelationId);
        Assert.Null(await saga.WhenAsync(payment));
        Assert.Null(await PublishAsync(Message(typeof(OrderSubmitted), order.CorrelationId)));
        Assert.Equal("Cancelling", order.CurrentState);
        Assert.Equal([payment.PaymentId], order.Refunds);
    }

    [Fact]
    public async Task A_cancellation_does_not_undo_an_early_payment()
    {
        var order = saga.Given("Submitted");
        Assert.Null(await saga.WhenAsync(Payment(order.CorrelationId)));
        Assert.Null(await PublishAsync(Message(typeof(CancellationRequested), order.CorrelationId)));
        Assert.Equal("Submitted", order.CurrentState);
    }

    [Theory]
    [InlineData("Confirming")]
    [InlineData("Completed")]
    [InlineData("Rejected")]
    [InlineData("Cancelling")]
    [InlineData("Cancelled")]
    [InlineData("NeedsAttention")]
    public async Task A_payment_that_is_not_needed_is_on_record_once(string state)
    {
        var order = saga.Given(state);
        Assert.Null(await saga.WhenAsync(Payment(order.CorrelationId)));
        var entry = Assert.Single(order.Timeline);
        Assert.Contains("to be given back", entry.Detail, StringComparison.Ordinal);
        Assert.Single(order.Refunds);
    }

    private Task<Exception?> PublishAsync(object message) => message switch
    {
        OrderSubmitted x => saga.WhenAsync(x),
        StockReserved x => saga.WhenAsync(x),
        StockShort x => saga.WhenAsync(x),
        PaymentReceived x => saga.WhenAsync(x),
        StockCommitted x => saga.WhenAsync(x),
        CancellationRequested x => saga.WhenAsync(x),
        StockReleased x => saga.WhenAsync(x),
        AttentionRetryRequested x => saga.WhenAsync(x),
        AttentionCancelRequested x => saga.WhenAsync(x),
        StockTimeoutExpired x => saga.WhenAsync(x),
        PaymentTimeoutExpired x => saga.WhenAsync(x),
        ConfirmTimeoutExpired x => saga.WhenAsync(x),
        ReleaseTimeoutExpired x => saga.WhenAsync(x),
        _ => throw new ArgumentOutOfRangeException(nameof(message), message, "not an event of the saga"),
    };

    private static PaymentReceived Payment(Guid orderId) => new(orderId, Guid.NewGuid(), 1.50m, DateTimeOffset.UnixEpoch);

    private static object Message(Type type, Guid orderId) => type.Name switch
    {
        nameof(OrderSubmitted) => new OrderSubmitted(orderId, SagaHarness.Ada, [new OrderLine("CUP", 1, 1.50m)], 1.50m, DateTimeOffset.UnixEpoch),
        nameof(StockReserved) => new StockReserved(orderId),
        nameof(StockShort) => new StockShort(orderId, [new Shortage("CUP", 1, 0)]),
        nameof(PaymentReceived) => Payment(orderId),
        nameof(StockCommitted) => new StockCommitted(orderId),
        nameof(CancellationRequested) => new CancellationRequested(orderId, null, DateTimeOffset.UnixEpoch),
        nameof(StockReleased) => new StockReleased(orderId),
        nameof(AttentionRetryRequested) => new AttentionRetryRequested(orderId, "Grace", "The warehouse is back."),
        nameof(AttentionCancelRequested) => new AttentionCancelRequested(orderId, "Grace", "It will not come back."),
        nameof(StockTimeoutExpired) => new StockTimeoutExpired(orderId),
        nameof(PaymentTimeoutExpired) => new PaymentTimeoutExpired(orderId),
        nameof(ConfirmTimeoutExpired) => new ConfirmTimeoutExpired(orderId),
        nameof(ReleaseTimeoutExpired) => new ReleaseTimeoutExpired(orderId),
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "not an event of the saga"),
    };
}
