namespace OrderSample.Contracts.Ordering.Events;

/// <summary>A payment was given back: it stands in the payment ledger.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="PaymentId">The payment.</param>
/// <param name="Customer">Whom to tell.</param>
/// <param name="Amount">How much.</param>
/// <param name="Reason">Why.</param>
public sealed record PaymentRefunded(Guid OrderId, Guid PaymentId, Customer Customer, decimal Amount, string Reason);
