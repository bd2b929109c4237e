namespace OrderSample.Backoffice.Auditing;

/// <summary>What a person is about to do.</summary>
/// <param name="What">In the past tense, as the audit trail says it: "Cancelled an order".</param>
/// <param name="Target">To what: <c>orders/…</c>.</param>
/// <param name="Reason">Why; null when that goes without saying.</param>
public sealed record OperatorDeed(string What, string Target, string? Reason);
