namespace OrderSample.OrderService.DrivingOrder;

/// <summary>How far an order has got, as the API says it. The names are those of the saga's states.</summary>
public enum OrderStatus
{
    /// <summary>Accepted; stock is being asked for.</summary>
    Submitted,

    /// <summary>Stock is held; the customer is to pay.</summary>
    AwaitingPayment,

    /// <summary>Paid; the stock is being taken out.</summary>
    Confirming,

    /// <summary>Final: paid and delivered.</summary>
    Completed,

    /// <summary>Final: the stock was short.</summary>
    Rejected,

    /// <summary>The stock is being released.</summary>
    Cancelling,

    /// <summary>Final: called off.</summary>
    Cancelled,

    /// <summary>Parked for a person.</summary>
    NeedsAttention,
}

/// <summary>From state to status and back.</summary>
internal static class OrderStatuses
{
    /// <summary>The state of a row that the saga's first event has not reached yet.</summary>
    public const string NotBegun = "Initial";

    /// <summary>The status of an order in that state.</summary>
    public static OrderStatus Of(string state) => state == NotBegun ? OrderStatus.Submitted : Enum.Parse<OrderStatus>(state);

    /// <summary>The states that make up a status.</summary>
    public static string[] StatesOf(OrderStatus status) =>
        status == OrderStatus.Submitted ? [NotBegun, nameof(OrderStatus.Submitted)] : [status.ToString()];
}
