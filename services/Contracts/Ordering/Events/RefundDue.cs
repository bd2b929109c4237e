namespace OrderSample.Contracts.Ordering.Events;

/// <summary>Money came in that the order has no use for, or no use any more. Once for each such payment.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="PaymentId">The payment to give back.</param>
/// <param name="Customer">Whom to tell.</param>
/// <param name="Amount">How much.</param>
/// <param name="Reason">Why.</param>
public sealed record RefundDue(Guid OrderId, Guid PaymentId, Customer Customer, decimal Amount, string Reason);
