using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Inventory.Events;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.InventoryService.Data;
using OrderSample.OrderService.AttendingOrder;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.Services.Tests.Ordering.Modelled;

/// <summary>
/// Orders, each driven by the real state machine, between a model of everything else: a broker that delivers in any
/// sequence, doubles and loses, an inventory, a payment ledger, customers, operators, and reconciliation.
/// </summary>
internal sealed class World
{
    private const decimal Total = 10;
    private const int MaxPayments = 3;

    private readonly ModelPaymentLedger _ledger = new();
    private readonly SagaDriver _saga;
    private readonly ModelInventory _inventory;
    private readonly List<ModelOrder> _orders;
    private readonly List<(ModelOrder Order, object Message, Guid? Token)> _inFlight = [];
    private readonly List<(ModelOrder Order, ScheduledTimeout Timeout)> _timeouts = [];

    public World(int maxResends, int onHand, IEnumerable<int> quantities)
    {
        _saga = new SagaDriver(maxResends, _ledger);
        _inventory = new ModelInventory(onHand);
        _orders = [.. quantities.Select(quantity => new ModelOrder(quantity))];
        foreach (var order in _orders)
            Send(order, new OrderSubmitted(order.Id, SagaHarness.Ada, [new OrderLine(ModelInventory.Sku, order.Quantity, Total / order.Quantity)], Total, DateTimeOffset.UnixEpoch));
    }

    public IEnumerable<OrderStatus> Statuses => _orders.Select(order => order.Status);

    /// <summary>Does one thing; one that is not possible now is left out.</summary>
    public void Do(Step step)
    {
        var order = _orders[step.Pick % _orders.Count];
        switch (step.What)
        {
            case What.Deliver or What.DeliverAndKeep or What.Lose when _inFlight.Count > 0:
                var message = _inFlight[step.Pick % _inFlight.Count];
                if (step.What != What.DeliverAndKeep)
                    _inFlight.Remove(message);
                if (step.What != What.Lose)
                    Deliver(message.Order, message.Message, message.Token);
                break;
            case What.Expire or What.LoseTimeout when _timeouts.Count > 0:
                var timeout = _timeouts[step.Pick % _timeouts.Count];
                _timeouts.Remove(timeout);
                if (step.What == What.Expire)
                    Send(timeout.Order, timeout.Timeout.Message, timeout.Timeout.Token);
                break;
            case What.Pay when order.Payments.Count < MaxPayments:
                order.Payments.Add(Guid.NewGuid());
                _ledger.Add(new Payment { PaymentId = order.Payments[^1], OrderId = order.Id, Amount = Total, ReceivedAt = DateTimeOffset.UnixEpoch });
                Send(order, Paid(order, order.Payments[^1]));
                break;
            case What.Cancel when order.Status is OrderStatus.Submitted or OrderStatus.AwaitingPayment && order.Payments.Count == 0:
                Send(order, new CancellationRequested(order.Id, "Changed my mind", DateTimeOffset.UnixEpoch));
                break;
            case What.OperatorRetries when order.Status == OrderStatus.NeedsAttention:
                Send(order, new AttentionRetryRequested(order.Id, "Grace", "Again"));
                break;
            case What.OperatorCancels when order.Status == OrderStatus.NeedsAttention:
                Send(order, new AttentionCancelRequested(order.Id, "Grace", "Enough"));
                break;
            case What.Reconcile:
                Reconcile();
                break;
        }
    }

    /// <summary>From here on nothing is lost or late: whatever is on its way arrives, timeouts expire, reconciliation runs.</summary>
    public void Settle()
    {
        const int Enough = 2_000;
        for (var i = 0; i < Enough; i++)
        {
            if (_inFlight.Count > 0)
                Do(new Step(What.Deliver, 0));
            else if (_timeouts.Count > 0)
                Do(new Step(What.Expire, 0));
            else if (!Reconcile())
                return;
        }

        Assert.Fail($"It never comes to rest: {this}");
    }

    /// <summary>An operator takes up every order that was parked.</summary>
    public void Attend(What decision)
    {
        for (var i = 0; i < _orders.Count; i++)
            Do(new Step(decision, i));
    }

    /// <summary>What has to hold once the world has come to rest.</summary>
    /// <param name="withParked">Whether orders may be parked.</param>
    public void MustBeRight(bool withParked)
    {
        foreach (var order in _orders)
            order.MustBeRight(_inventory.StatusOf(order.Id), withParked);
        _inventory.MustBalance();
        if (!withParked)
        {
            Assert.Equal(0, _inventory.QuantityOf(ReservationStatus.Held));
            Assert.Equal(_orders.Where(x => x.Status == OrderStatus.Completed).Sum(x => x.Quantity), _inventory.QuantityOf(ReservationStatus.Committed));
        }
    }

    public override string ToString() => string.Join("; ", _orders) + $"; in flight: {string.Join(", ", _inFlight.Select(x => x.Message))}";

    private static PaymentReceived Paid(ModelOrder order, Guid payment) => new(order.Id, payment, Total, DateTimeOffset.UnixEpoch);

    private void Send(ModelOrder order, object message, Guid? token = null) => _inFlight.Add((order, message, token));

    private void Deliver(ModelOrder order, object message, Guid? token)
    {
        switch (message)
        {
            case ReserveStock or CommitStock or ReleaseStock:
                if (_inventory.Handle(message) is { } answer)
                    Send(order, answer);
                break;
            case RefundDue due:
                // The row's key is the payment.
                order.Refunded.Add(due.PaymentId);
                break;
            default:
                Take(order, HandOver(order, message, token));
                break;
        }
    }

    private Effects HandOver(ModelOrder order, object message, Guid? token)
    {
        var state = order.State;
        order.Before = state.CurrentState;
        order.Handles = message;
        return message switch
        {
            OrderSubmitted x => _saga.Handle(state, x, saga => saga.OrderSubmitted),
            StockReserved x => _saga.Handle(state, x, saga => saga.StockReserved),
            StockShort x => _saga.Handle(state, x, saga => saga.StockShort),
            StockCommitted x => _saga.Handle(state, x, saga => saga.StockCommitted),
            StockReleased x => _saga.Handle(state, x, saga => saga.StockReleased),
            PaymentReceived x => _saga.Handle(state, x, saga => saga.PaymentReceived),
            CancellationRequested x => _saga.Handle(state, x, saga => saga.CancellationRequested),
            AttentionRetryRequested x => _saga.Handle(state, x, saga => saga.AttentionRetryRequested),
            AttentionCancelRequested x => _saga.Handle(state, x, saga => saga.AttentionCancelRequested),
            StockTimeoutExpired x => _saga.Handle(state, x, saga => saga.StockTimeout.AnyReceived, token),
            PaymentTimeoutExpired x => _saga.Handle(state, x, saga => saga.PaymentTimeout.AnyReceived, token),
            ConfirmTimeoutExpired x => _saga.Handle(state, x, saga => saga.ConfirmTimeout.AnyReceived, token),
            ReleaseTimeoutExpired x => _saga.Handle(state, x, saga => saga.ReleaseTimeout.AnyReceived, token),
            _ => throw new ArgumentOutOfRangeException(nameof(message), message, "nobody takes it"),
        };
    }

    private void Take(ModelOrder order, Effects effects)
    {
        order.MustHaveMovedRightly(effects);
        _timeouts.RemoveAll(x => effects.Unscheduled.Contains(x.Timeout.Token));
        _timeouts.AddRange(effects.Scheduled.Select(timeout => (order, timeout)));
        foreach (var message in effects.Sent)
        {
            if (message is OrderReserved or OrderRejected or OrderCompleted or OrderCancelled)
                order.Told.Add(message.GetType().Name);
            else
                Send(order, message);
        }
    }

    /// <summary>The repairs that reconciliation makes of what it finds in the order service's own ledgers.</summary>
    /// <returns>Whether there was something to repair.</returns>
    private bool Reconcile()
    {
        var before = _inFlight.Count;
        foreach (var order in _orders)
        {
            if (order.State.CurrentState == OrderStatuses.NotBegun)
                Send(order, new OrderSubmitted(order.Id, SagaHarness.Ada, [new OrderLine(ModelInventory.Sku, order.Quantity, Total / order.Quantity)], Total, DateTimeOffset.UnixEpoch));
            else if (order.WaitsFor is { } timeout && !_timeouts.Any(x => x.Timeout.Token == order.State.TimeoutToken))
                Send(order, timeout, order.State.TimeoutToken);

            foreach (var payment in order.Payments.Where(x => x != order.Kept && !order.Refunded.Contains(x)).ToList())
                Send(order, order.State.Refunds.Contains(payment) ? OrderEvents.RefundDue(order.State, payment, Total) : Paid(order, payment));
        }

        return _inFlight.Count > before;
    }
}
