using OrderSample.Contracts.Inventory;

namespace OrderSample.Contracts.Reconciling.Events;

/// <summary>A page of the inventory's ledger.</summary>
/// <param name="RunId">The run that asked.</param>
/// <param name="PageId">Its page.</param>
/// <param name="Reservations">What there is; an order without a reservation is missing.</param>
/// <param name="Next">Where the next page of a period begins; null when there is none.</param>
/// <param name="TakenUntil">
/// What came into the inventory's queue until then, UTC, had been taken in as of the moment that was asked for; what came later may be on its
/// way yet. Null: not known.
/// </param>
/// <param name="Backlog">What waits there, for a person.</param>
public sealed record ReservationsReported(
    Guid RunId, Guid PageId, IReadOnlyList<ReportedReservation> Reservations, LedgerPosition? Next, DateTimeOffset? TakenUntil = null, string? Backlog = null);

/// <summary>An order's claim on the stock.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Lines">What is, was, or was asked to be held.</param>
public sealed record ReportedReservation(Guid OrderId, StockClaim Status, IReadOnlyList<StockLine> Lines);

/// <summary>What became of an order's claim on the stock.</summary>
public enum StockClaim
{
    /// <summary>The order keeps stock back.</summary>
    Held,

    /// <summary>The order has taken stock.</summary>
    Committed,

    /// <summary>Nothing is held, and nothing will be.</summary>
    Released,

    /// <summary>Something was short, so nothing is held.</summary>
    Refused,
}
