namespace OrderSample.Contracts.Ordering.Events;

/// <summary>Money for an order came in and is in the payment ledger. It can be too late for the order.</summary>
/// <param name="OrderId">The order it pays.</param>
/// <param name="PaymentId">The payment's own id, given by the payer; the same id is the same payment.</param>
/// <param name="Amount">Always the order's total; other amounts are refused when they are offered.</param>
/// <param name="ReceivedAt">When it was stored, UTC.</param>
public sealed record PaymentReceived(Guid OrderId, Guid PaymentId, decimal Amount, DateTimeOffset ReceivedAt);
