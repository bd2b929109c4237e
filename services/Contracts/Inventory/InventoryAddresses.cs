namespace OrderSample.Contracts.Inventory;

/// <summary>Where the inventory takes its commands.</summary>
public static class InventoryAddresses
{
    /// <summary>Name of the one queue for all stock commands: one queue, so that those of an order stay in order.</summary>
    public const string ReservationsQueue = "inventory-reservations";

    /// <summary>
    /// Address to send to. It names the exchange: a <c>queue:</c> address would make the sender declare a classic queue,
    /// and the broker refuses that for a queue that is a quorum queue.
    /// </summary>
    public static readonly Uri Reservations = new($"exchange:{ReservationsQueue}");
}
