using OrderSample.Contracts.Ordering;
using OrderSample.ServiceDefaults.Telemetry;

namespace OrderSample.OrderService.Data;

/// <summary>The order as the customer placed it: the ledger's row, never changed. How far it got is the saga's business.</summary>
public sealed class Order
{
    /// <summary>Given by the caller as idempotency key, or made here.</summary>
    public required Guid OrderId { get; init; }

    /// <summary>Who ordered.</summary>
    public required Customer Customer { get; init; }

    /// <summary>What was ordered, in the customer's sequence.</summary>
    public required IReadOnlyList<OrderLine> Lines { get; init; }

    /// <summary>Sum of quantity × unit price.</summary>
    public required decimal Total { get; init; }

    /// <summary>When it was stored, UTC.</summary>
    public required DateTimeOffset SubmittedAt { get; init; }

    /// <summary>W3C traceparent of the request that placed it; null when it was not recorded.</summary>
    public string? TraceParent { get; init; }

    /// <summary>The trace of the request that placed it, in W3C hexadecimal; null when none was recorded.</summary>
    public string? TraceId => OrderScope.TraceIdOf(TraceParent);

    /// <summary>
    /// Whether another order asks for exactly the same, so that one can stand for a repetition of the other. The
    /// sequence of the lines says nothing, nor do zeros at the end of a price.
    /// </summary>
    /// <param name="other">The other order.</param>
    public bool HasSameContentAs(Order other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return Customer == other.Customer
            && Lines.Count == other.Lines.Count
            && Lines.OrderBy(line => line.Sku, StringComparer.Ordinal)
                .SequenceEqual(other.Lines.OrderBy(line => line.Sku, StringComparer.Ordinal));
    }
}
