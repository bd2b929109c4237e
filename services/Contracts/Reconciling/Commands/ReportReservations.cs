namespace OrderSample.Contracts.Reconciling.Commands;

/// <summary>Say how the reservations of these orders stand. Answered by <see cref="Events.ReservationsReported"/>.</summary>
/// <param name="RunId">The run that asks.</param>
/// <param name="PageId">Which of its pages; comes back in the answer.</param>
/// <param name="OrderIds">At most <see cref="ReconciliationAddresses.MaxOrders"/>.</param>
/// <param name="AsOf">Say, too, what had been taken in by then, UTC; null: don't.</param>
public sealed record ReportReservations(Guid RunId, Guid PageId, IReadOnlyList<Guid> OrderIds, DateTimeOffset? AsOf = null);
