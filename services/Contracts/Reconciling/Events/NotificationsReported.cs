namespace OrderSample.Contracts.Reconciling.Events;

/// <summary>A page of the notification service's ledger.</summary>
/// <param name="RunId">The run that asked.</param>
/// <param name="PageId">Its page.</param>
/// <param name="Complete">What the customers were told on every channel; what is missing here was not, or not everywhere.</param>
public sealed record NotificationsReported(Guid RunId, Guid PageId, IReadOnlyList<ReportedNotification> Complete);

/// <summary>Something a customer was told.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Event">Name of the event that caused it, such as <c>OrderCompleted</c>.</param>
public sealed record ReportedNotification(Guid OrderId, string Event);
