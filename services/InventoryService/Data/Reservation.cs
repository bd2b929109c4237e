using OrderSample.Contracts.Inventory;

namespace OrderSample.InventoryService.Data;

/// <summary>What became of an order's claim on the stock.</summary>
public enum ReservationStatus
{
    /// <summary>All lines are held.</summary>
    Held,

    /// <summary>Taken out of the warehouse's books. Final, but for an order that is called off after all.</summary>
    Committed,

    /// <summary>
    /// Neither held nor taken any more, or never to be: without lines it is the tombstone that a release has left which
    /// overtook its reservation. Final.
    /// </summary>
    Released,

    /// <summary>Something was short, so nothing is held; final.</summary>
    Refused,
}

/// <summary>The inventory's side of an order. There is one for each order it ever heard of.</summary>
public sealed class Reservation
{
    /// <summary>The order.</summary>
    public required Guid OrderId { get; init; }

    /// <summary>What became of it.</summary>
    public required ReservationStatus Status { get; set; }

    /// <summary>What is or was held; what was asked for when refused.</summary>
    public required IReadOnlyList<StockLine> Lines { get; init; }

    /// <summary>What was short when refused, to be able to answer the same again.</summary>
    public IReadOnlyList<Shortage> Shortages { get; init; } = [];

    /// <summary>When the inventory first heard of the order, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the status last changed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; set; }
}
