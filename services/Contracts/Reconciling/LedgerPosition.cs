namespace OrderSample.Contracts.Reconciling;

/// <summary>
/// A place in a ledger that is read by time of last change, then by order. The next page begins after it, so that a
/// page costs the same however deep it is.
/// </summary>
/// <param name="At">Time of the last change, UTC.</param>
/// <param name="OrderId">The last order read; all zeros for the beginning of that time.</param>
public sealed record LedgerPosition(DateTimeOffset At, Guid OrderId);
