namespace OrderSample.OrderService.AttendingOrder;

/// <summary>An operator wants a parked order to go on from where it was given up.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why, for the record.</param>
public sealed record AttentionRetryRequested(Guid OrderId, string By, string Reason);

/// <summary>An operator calls a parked order off.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why; the customer is told.</param>
public sealed record AttentionCancelRequested(Guid OrderId, string By, string Reason);
