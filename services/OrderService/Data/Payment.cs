namespace OrderSample.OrderService.Data;

/// <summary>Money that came in: a row of the payment ledger, never changed.</summary>
public sealed class Payment
{
    /// <summary>Given by the payer; the same id is the same payment.</summary>
    public required Guid PaymentId { get; init; }

    /// <summary>The order it was meant for, whether or not it came in time.</summary>
    public required Guid OrderId { get; init; }

    /// <summary>In the shop's currency.</summary>
    public required decimal Amount { get; init; }

    /// <summary>When it was stored, UTC.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>W3C traceparent of the request that brought it; null when it was not recorded.</summary>
    public string? TraceParent { get; init; }
}
