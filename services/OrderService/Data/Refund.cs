namespace OrderSample.OrderService.Data;

/// <summary>Money that was given back: a row of the payment ledger, never changed. A payment has one at most.</summary>
public sealed class Refund
{
    /// <summary>The payment.</summary>
    public required Guid PaymentId { get; init; }

    /// <summary>The order it was meant for.</summary>
    public required Guid OrderId { get; init; }

    /// <summary>In the shop's currency.</summary>
    public required decimal Amount { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When it was stored, UTC.</summary>
    public required DateTimeOffset RefundedAt { get; init; }
}
