using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.InventoryService.Data;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.Services.Tests.Ordering.Modelled;

/// <summary>An order, what its customer did, and what has to hold for it.</summary>
internal sealed class ModelOrder
{
    private static readonly OrderStatus[] Final = [OrderStatus.Completed, OrderStatus.Rejected, OrderStatus.Cancelled];

    /// <summary>What may be sent on which ways from state to state; a state that is not among the ends of a way is never left or reached by it.</summary>
    private static readonly Dictionary<Type, string[]> Allowed = new()
    {
        [typeof(ReserveStock)] = ["Initial-Submitted", "Submitted-Submitted"],
        [typeof(CommitStock)] = ["Submitted-Confirming", "AwaitingPayment-Confirming", "Confirming-Confirming"],
        [typeof(ReleaseStock)] =
        [
            "Initial-Cancelling", "Submitted-Cancelling", "AwaitingPayment-Cancelling", "Cancelling-Cancelling", "NeedsAttention-Cancelling",
            "Confirming-NeedsAttention",
        ],
        [typeof(OrderReserved)] = ["Submitted-AwaitingPayment", "Submitted-Confirming"],
        [typeof(OrderRejected)] = ["Submitted-Rejected"],
        [typeof(OrderCompleted)] = ["Confirming-Completed"],
        [typeof(OrderCancelled)] = ["Cancelling-Cancelled", "NeedsAttention-Cancelled"],
        [typeof(RefundDue)] =
        [
            "Initial-Cancelling", "Submitted-Submitted", "Submitted-Rejected", "Submitted-Cancelling", "Confirming-NeedsAttention",
            "Initial-Initial", "Confirming-Confirming", "Completed-Completed", "Rejected-Rejected", "Cancelling-Cancelling", "Cancelled-Cancelled", "NeedsAttention-NeedsAttention",
        ],
    };

    /// <summary>Ways on which nothing is sent.</summary>
    private static readonly string[] Silent = ["Cancelling-NeedsAttention"];

    private readonly List<Guid> _refundsDue = [];
    private bool _released;

    public ModelOrder(int quantity)
    {
        Quantity = quantity;
        State = new OrderState { CorrelationId = Id, Customer = SagaHarness.Ada, Lines = [new StockLine(ModelInventory.Sku, quantity)], Total = 10 };
    }

    public Guid Id { get; } = Guid.NewGuid();

    public int Quantity { get; }

    public OrderState State { get; }

    /// <summary>The state before the message that is being handled.</summary>
    public string Before { get; set; } = OrderStatuses.NotBegun;

    /// <summary>The message that is being handled.</summary>
    public object? Handles { get; set; }

    public OrderStatus Status => OrderStatuses.Of(State.CurrentState);

    /// <summary>What the customer paid.</summary>
    public List<Guid> Payments { get; } = [];

    /// <summary>The refunds' ledger.</summary>
    public HashSet<Guid> Refunded { get; } = [];

    /// <summary>What the customer was told.</summary>
    public List<string> Told { get; } = [];

    /// <summary>The payment that stays.</summary>
    public Guid? Kept => State.IsPaid ? State.PaymentId : null;

    /// <summary>The timeout that the order waits for; null when it waits for none.</summary>
    public object? WaitsFor => Status switch
    {
        OrderStatus.Submitted when State.CurrentState != OrderStatuses.NotBegun => new StockTimeoutExpired(Id),
        OrderStatus.AwaitingPayment => new PaymentTimeoutExpired(Id),
        OrderStatus.Confirming => new ConfirmTimeoutExpired(Id),
        OrderStatus.Cancelling => new ReleaseTimeoutExpired(Id),
        _ => null,
    };

    public override string ToString() =>
        $"{Status} of {Quantity}, paid {Payments.Count}, refunded {Refunded.Count} [{string.Join(", ", State.Timeline.Select(x => $"{x.Event} {x.Detail}"))}]";

    /// <summary>What has to hold after each message.</summary>
    public void MustHaveMovedRightly(Effects effects)
    {
        var way = $"{Before}-{State.CurrentState}";
        Assert.True(Before == State.CurrentState || Silent.Contains(way) || Allowed.Values.Any(ways => ways.Contains(way)), $"{way}: {this}");
        foreach (var message in effects.Sent)
        {
            Assert.True(Allowed[message.GetType()].Contains(way), $"{message} on the way {way}: {this}");
            // The last word on the stock.
            Assert.False(_released && message is ReserveStock or CommitStock or OrderCompleted, $"{message} after ReleaseStock: {this}");
            _released |= message is ReleaseStock;
            if (message is RefundDue due)
                _refundsDue.Add(due.PaymentId);
        }

        Assert.False(Handles is PaymentTimeoutExpired && way == "AwaitingPayment-Cancelling" && Payments.Count > 0, $"called off as not paid: {this}");

        // A timeout is set where one is waited for, and none is left behind in the end.
        Assert.Equal(WaitsFor is not null, State.TimeoutToken is not null);
        Assert.Equal(_refundsDue.Distinct(), _refundsDue);
        Assert.DoesNotContain(_refundsDue, x => x == Kept);
        Assert.True(Status != OrderStatus.NeedsAttention || _released, $"parked with its stock: {this}");
        Assert.True(State.CurrentState is not ("Confirming" or "Completed") || Kept is not null, $"goes on unpaid: {this}");
    }

    /// <summary>What has to hold in the end.</summary>
    public void MustBeRight(ReservationStatus? stock, bool withParked)
    {
        Assert.True(Final.Contains(Status) || (withParked && Status == OrderStatus.NeedsAttention), $"not at an end: {this}");
        if (Status != OrderStatus.NeedsAttention)
        {
            Assert.True((stock == ReservationStatus.Committed) == (Status == OrderStatus.Completed), $"{stock}: {this}");
            Assert.True(stock != ReservationStatus.Held, $"{stock}: {this}");
        }

        // Paid = kept + refunded.
        Assert.True((Kept is not null) == (Status == OrderStatus.Completed), $"keeps {Kept}: {this}");
        Assert.Equal(Payments.Where(x => x != Kept).Order(), Refunded.Order());

        string[] told = Status == OrderStatus.NeedsAttention ? [] : [$"Order{Status}"];
        Assert.Equal(told, Told.Where(x => x != nameof(OrderReserved)));
        Assert.True(Told.Count(x => x == nameof(OrderReserved)) == 1 || (Status != OrderStatus.Completed && !Told.Contains(nameof(OrderReserved))), $"told {string.Join(", ", Told)}: {this}");
    }
}
