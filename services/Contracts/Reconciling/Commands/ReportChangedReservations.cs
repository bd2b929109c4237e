namespace OrderSample.Contracts.Reconciling.Commands;

/// <summary>
/// Say which reservations changed in a period, page by page, whoever knows of their orders. Answered by
/// <see cref="Events.ReservationsReported"/>.
/// </summary>
/// <param name="RunId">The run that asks.</param>
/// <param name="PageId">Which of its pages; comes back in the answer.</param>
/// <param name="After">The page begins after this place.</param>
/// <param name="To">End of the period, UTC, inclusive.</param>
/// <param name="AsOf">Say, too, what had been taken in by then, UTC; null: don't.</param>
public sealed record ReportChangedReservations(Guid RunId, Guid PageId, LedgerPosition After, DateTimeOffset To, DateTimeOffset? AsOf = null);
