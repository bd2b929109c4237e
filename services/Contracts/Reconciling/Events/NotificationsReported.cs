namespace OrderSample.Contracts.Reconciling.Events;

/// <summary>A page of the notification service's ledger.</summary>
/// <param name="RunId">The run that asked.</param>
/// <param name="PageId">Its page.</param>
/// <param name="Complete">What the customers were told on every channel; what is missing here was not, or not everywhere.</param>
/// <param name="TakenUntil">
/// What came into the service's queues until then, UTC, had been taken in as of the moment that was asked for; what came later may be on its
/// way yet. Null: not known.
/// </param>
/// <param name="Backlog">What waits there, for a person.</param>
public sealed record NotificationsReported(
    Guid RunId, Guid PageId, IReadOnlyList<ReportedNotification> Complete, DateTimeOffset? TakenUntil = null, string? Backlog = null);

/// <summary>Something a customer was told, or is to be told.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Event">Name of the event that caused it, such as <c>OrderCompleted</c>.</param>
/// <param name="Reference">Which one, where an order may have several of the kind: the payment that was given back. Otherwise empty.</param>
public sealed record ReportedNotification(Guid OrderId, string Event, string Reference = "");
