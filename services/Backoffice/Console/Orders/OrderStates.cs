namespace OrderSample.Backoffice.Console.Orders;

/// <summary>A way from one state of an order to another.</summary>
/// <param name="From">Where it begins; <see cref="OrderStates.Begin"/> for a new order.</param>
/// <param name="To">Where it leads.</param>
/// <param name="On">The events and timeouts that bring an order there.</param>
public sealed record OrderWay(string From, string To, params IReadOnlyList<string> On);

/// <summary>The states of an order and the ways between them. A test compares both to the order saga's.</summary>
internal static class OrderStates
{
    /// <summary>Where every order comes from.</summary>
    public const string Begin = "Initial";

    /// <summary>All, in the sequence of a good end, and then the others.</summary>
    public static readonly IReadOnlyList<string> All =
        ["Submitted", "AwaitingPayment", "Confirming", "Completed", "Rejected", "Cancelling", "Cancelled", "NeedsAttention"];

    /// <summary>All ways. Of two that one event leads to, the second is that of an order that is paid.</summary>
    public static readonly IReadOnlyList<OrderWay> Ways =
    [
        new(Begin, "Submitted", "OrderSubmitted"),
        new(Begin, "Cancelling", "OrderSubmitted"),
        new("Submitted", "AwaitingPayment", "StockReserved"),
        new("Submitted", "Confirming", "StockReserved"),
        new("Submitted", "Rejected", "StockShort"),
        new("Submitted", "Cancelling", "CancellationRequested", "StockTimeout"),
        new("AwaitingPayment", "Cancelling", "CancellationRequested", "PaymentTimeout"),
        new("AwaitingPayment", "Confirming", "PaymentReceived", "PaymentTimeout"),
        new("Confirming", "Completed", "StockCommitted"),
        new("Confirming", "NeedsAttention", "ConfirmTimeout"),
        new("Cancelling", "Cancelled", "StockReleased"),
        new("Cancelling", "NeedsAttention", "ReleaseTimeout"),
        new("NeedsAttention", "Cancelling", "AttentionCancelRequested", "AttentionRetryRequested"),
        new("NeedsAttention", "Cancelled", "StockReleased"),
    ];

    /// <summary>The ways that an order has taken, as its timeline tells.</summary>
    /// <param name="events">Names of the timeline's events, oldest first.</param>
    /// <param name="now">The state it is in.</param>
    /// <returns>Empty when the timeline doesn't lead there, because entries in its middle were dropped.</returns>
    public static IReadOnlyList<OrderWay> Taken(IEnumerable<string> events, string now)
    {
        var (state, isPaid) = (Begin, false);
        var taken = new List<OrderWay>();
        foreach (var name in events.Select(x => x.EndsWith("TimeoutExpired", StringComparison.Ordinal) ? x[..^"Expired".Length] : x))
        {
            isPaid |= name == "PaymentReceived";
            var ways = Ways.Where(way => way.From == state && way.On.Contains(name)).ToList();
            // A payment that was quicker than the stock, or than its own event, spares the wait for it, and refuses a cancellation.
            var next = ways is [var first, var second] ? (isPaid && state != Begin ? second : first) : ways.FirstOrDefault();
            if (next is null || (isPaid && name == "CancellationRequested"))
                continue;
            taken.Add(next);
            state = next.To;
        }

        return state == now ? taken : [];
    }
}
