using System.Globalization;
using OrderSample.Contracts.Ordering;

namespace OrderSample.Backoffice.Console.Services;

/// <summary>One order of a list, as the order service tells it.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">How far it has got.</param>
/// <param name="Customer">The customer's name.</param>
/// <param name="Items">Pieces ordered.</param>
/// <param name="Total">Amount to pay.</param>
/// <param name="Paid">What was paid and not given back.</param>
/// <param name="SubmittedAt">When it was accepted, UTC.</param>
/// <param name="UpdatedAt">When something last happened, UTC.</param>
/// <param name="Reason">Why it was not, or may not be, completed.</param>
public sealed record OrderRow(
    Guid OrderId, string Status, string Customer, int Items, decimal Total, decimal Paid, DateTimeOffset SubmittedAt, DateTimeOffset UpdatedAt, string? Reason);

/// <summary>A page of orders, newest first.</summary>
/// <param name="Items">The orders.</param>
/// <param name="Next">Where the next page begins; null on the last one.</param>
public sealed record OrderRows(IReadOnlyList<OrderRow> Items, Guid? Next);

/// <summary>One thing that happened to an order.</summary>
/// <param name="At">When, UTC.</param>
/// <param name="Event">What.</param>
/// <param name="Detail">What else there is to say.</param>
/// <param name="StoredAt">Of a message that waited in an outbox until then: when it was stored there, UTC.</param>
public sealed record OrderEvent(DateTimeOffset At, string Event, string? Detail, DateTimeOffset? StoredAt = null);

/// <summary>Everything the order service knows about one order.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">How far it has got.</param>
/// <param name="Total">Amount to pay.</param>
/// <param name="Customer">Who ordered.</param>
/// <param name="Lines">What was ordered.</param>
/// <param name="SubmittedAt">When it was accepted, UTC.</param>
/// <param name="UpdatedAt">When something last happened, UTC.</param>
/// <param name="Reason">Why it was not, or may not be, completed.</param>
/// <param name="Timeline">What happened, oldest first.</param>
/// <param name="Traces">The traces of the requests that placed, paid and cancelled it, oldest first, as far as they were recorded.</param>
public sealed record OrderDetails(
    Guid OrderId, string Status, decimal Total, Customer Customer, IReadOnlyList<OrderLine> Lines,
    DateTimeOffset SubmittedAt, DateTimeOffset UpdatedAt, string? Reason, IReadOnlyList<OrderEvent> Timeline, IReadOnlyList<OrderTrace> Traces);

/// <summary>A trace that began with a request about an order.</summary>
/// <param name="Of">The event that came of the request.</param>
/// <param name="At">When, UTC.</param>
/// <param name="TraceId">The trace.</param>
public sealed record OrderTrace(string Of, DateTimeOffset At, string TraceId);

/// <summary>An order to place.</summary>
/// <param name="OrderId">Its id, made by whoever places it: the same order sent again is placed once.</param>
/// <param name="Customer">Who orders.</param>
/// <param name="Lines">What.</param>
public sealed record NewOrder(Guid OrderId, Customer Customer, IReadOnlyList<OrderLine> Lines);

/// <summary>An order that the order service has taken, or was asked to do something with.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">How far it had got.</param>
public sealed record TakenOrder(Guid OrderId, string? Status);

/// <summary>Orders that the order service has taken.</summary>
/// <param name="Orders">The orders.</param>
public sealed record TakenOrders(IReadOnlyList<TakenOrder> Orders);

/// <summary>The order service, as the console uses it.</summary>
/// <param name="http">Its address, and how to reach it.</param>
public sealed class OrderServiceClient(HttpClient http)
{
    /// <summary>Reads a page of orders.</summary>
    /// <param name="filter">Only those.</param>
    /// <param name="status">Only those in this state; null for all.</param>
    /// <param name="after">The last order of the page before; null for the first page.</param>
    /// <param name="limit">How many at most, 1 to 200.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<OrderRows> ListAsync(OrderFilter filter, string? status, Guid? after, int limit, CancellationToken cancellationToken) =>
        http.ReadAsync<OrderRows>(
            $"/orders?{filter.ToQuery(("limit", limit.ToString(CultureInfo.InvariantCulture)), ("status", status), ("after", after?.ToString()))}", cancellationToken);

    /// <summary>Reads an order; null when there is none.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<OrderDetails?> FindAsync(Guid orderId, CancellationToken cancellationToken) =>
        http.FindAsync<OrderDetails>($"/orders/{orderId}", cancellationToken);

    /// <summary>Places an order.</summary>
    /// <param name="order">The order.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ServiceAnswer<TakenOrder>> PlaceAsync(NewOrder order, CancellationToken cancellationToken) =>
        http.DoAsync<TakenOrder>(HttpMethod.Post, "/orders", order, cancellationToken);

    /// <summary>Places up to 500 orders: all, or none.</summary>
    /// <param name="orders">The orders.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ServiceAnswer<TakenOrders>> PlaceBatchAsync(IReadOnlyList<NewOrder> orders, CancellationToken cancellationToken) =>
        http.DoAsync<TakenOrders>(HttpMethod.Post, "/orders/batch", new { orders }, cancellationToken);

    /// <summary>Pays an order.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="paymentId">The payment; sent again it is the same payment.</param>
    /// <param name="amount">The order's total.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ServiceAnswer<TakenOrder>> PayAsync(Guid orderId, Guid paymentId, decimal amount, CancellationToken cancellationToken) =>
        http.DoAsync<TakenOrder>(HttpMethod.Post, $"/orders/{orderId}/payments", new { paymentId, amount }, cancellationToken);

    /// <summary>Asks for an order to be cancelled.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ServiceAnswer<TakenOrder>> CancelAsync(Guid orderId, string reason, CancellationToken cancellationToken) =>
        http.DoAsync<TakenOrder>(HttpMethod.Post, $"/orders/{orderId}/cancellation", new { reason }, cancellationToken);

    /// <summary>Takes a parked order up again.</summary>
    /// <param name="orderId">The order.</param>
    /// <param name="cancel">Whether the customer is to be told the reason.</param>
    /// <param name="by">Who decides.</param>
    /// <param name="reason">Why.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public Task<ServiceAnswer<TakenOrder>> AttendAsync(Guid orderId, bool cancel, string by, string reason, CancellationToken cancellationToken) =>
        http.DoAsync<TakenOrder>(HttpMethod.Post, $"/orders/{orderId}/attention/{(cancel ? "cancel" : "retry")}", new { by, reason }, cancellationToken);
}
