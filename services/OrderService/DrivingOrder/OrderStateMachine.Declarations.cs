using MassTransit;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.OrderService.AttendingOrder;

namespace OrderSample.OrderService.DrivingOrder;

/// <content>States, events and timeouts, and how an event finds its order.</content>
public sealed partial class OrderStateMachine
{
    /// <summary>Stock was asked for.</summary>
    public State Submitted { get; private set; } = null!;

    /// <summary>Stock is held, the customer is to pay.</summary>
    public State AwaitingPayment { get; private set; } = null!;

    /// <summary>Paid, the stock is being taken out of the warehouse's books.</summary>
    public State Confirming { get; private set; } = null!;

    /// <summary>Final: paid and delivered.</summary>
    public State Completed { get; private set; } = null!;

    /// <summary>Final: the stock was short.</summary>
    public State Rejected { get; private set; } = null!;

    /// <summary>The stock is being released.</summary>
    public State Cancelling { get; private set; } = null!;

    /// <summary>Final: called off.</summary>
    public State Cancelled { get; private set; } = null!;

    /// <summary>Parked for a person; an answer that comes after all moves it on, and so does an operator.</summary>
    public State NeedsAttention { get; private set; } = null!;

    /// <inheritdoc cref="Contracts.Ordering.Events.OrderSubmitted"/>
    public Event<OrderSubmitted> OrderSubmitted { get; private set; } = null!;

    /// <inheritdoc cref="Contracts.Ordering.Events.PaymentReceived"/>
    public Event<PaymentReceived> PaymentReceived { get; private set; } = null!;

    /// <inheritdoc cref="Contracts.Ordering.Events.CancellationRequested"/>
    public Event<CancellationRequested> CancellationRequested { get; private set; } = null!;

    /// <inheritdoc cref="AttendingOrder.AttentionRetryRequested"/>
    public Event<AttentionRetryRequested> AttentionRetryRequested { get; private set; } = null!;

    /// <inheritdoc cref="AttendingOrder.AttentionCancelRequested"/>
    public Event<AttentionCancelRequested> AttentionCancelRequested { get; private set; } = null!;

    /// <inheritdoc cref="Contracts.Inventory.Events.StockReserved"/>
    public Event<StockReserved> StockReserved { get; private set; } = null!;

    /// <inheritdoc cref="Contracts.Inventory.Events.StockShort"/>
    public Event<StockShort> StockShort { get; private set; } = null!;

    /// <inheritdoc cref="Contracts.Inventory.Events.StockCommitted"/>
    public Event<StockCommitted> StockCommitted { get; private set; } = null!;

    /// <inheritdoc cref="Contracts.Inventory.Events.StockReleased"/>
    public Event<StockReleased> StockReleased { get; private set; } = null!;

    /// <summary>Runs while <see cref="Submitted"/>.</summary>
    public Schedule<OrderState, StockTimeoutExpired> StockTimeout { get; private set; } = null!;

    /// <summary>Runs while <see cref="AwaitingPayment"/>.</summary>
    public Schedule<OrderState, PaymentTimeoutExpired> PaymentTimeout { get; private set; } = null!;

    /// <summary>Runs while <see cref="Confirming"/>.</summary>
    public Schedule<OrderState, ConfirmTimeoutExpired> ConfirmTimeout { get; private set; } = null!;

    /// <summary>Runs while <see cref="Cancelling"/>.</summary>
    public Schedule<OrderState, ReleaseTimeoutExpired> ReleaseTimeout { get; private set; } = null!;

    /// <summary>What to reserve for an order.</summary>
    /// <param name="lines">The order's lines.</param>
    internal static IReadOnlyList<StockLine> StockLines(IEnumerable<OrderLine> lines) =>
        [.. lines.Select(line => new StockLine(line.Sku, line.Quantity))];

    private void Correlate()
    {
        Event(() => OrderSubmitted, x => x.CorrelateById(order => order.Message.OrderId));
        Event(() => PaymentReceived, x => x.CorrelateById(order => order.Message.OrderId));
        Event(() => CancellationRequested, x => x.CorrelateById(order => order.Message.OrderId));
        Event(() => AttentionRetryRequested, x => x.CorrelateById(order => order.Message.OrderId));
        Event(() => AttentionCancelRequested, x => x.CorrelateById(order => order.Message.OrderId));
        Event(() => StockReserved, x => x.CorrelateById(order => order.Message.OrderId));
        Event(() => StockShort, x => x.CorrelateById(order => order.Message.OrderId));
        Event(() => StockCommitted, x => x.CorrelateById(order => order.Message.OrderId));
        Event(() => StockReleased, x => x.CorrelateById(order => order.Message.OrderId));

        Schedule(() => StockTimeout, order => order.TimeoutToken, timeout =>
        {
            timeout.Delay = _options.StockTimeout;
            timeout.Received = x => x.CorrelateById(order => order.Message.OrderId);
        });
        Schedule(() => PaymentTimeout, order => order.TimeoutToken, timeout =>
        {
            timeout.Delay = _options.PaymentTimeout;
            timeout.Received = x => x.CorrelateById(order => order.Message.OrderId);
        });
        Schedule(() => ConfirmTimeout, order => order.TimeoutToken, timeout =>
        {
            timeout.Delay = _options.ConfirmTimeout;
            timeout.Received = x => x.CorrelateById(order => order.Message.OrderId);
        });
        Schedule(() => ReleaseTimeout, order => order.TimeoutToken, timeout =>
        {
            timeout.Delay = _options.ReleaseTimeout;
            timeout.Received = x => x.CorrelateById(order => order.Message.OrderId);
        });
    }
}
