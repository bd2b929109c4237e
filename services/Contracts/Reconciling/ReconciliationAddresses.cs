namespace OrderSample.Contracts.Reconciling;

/// <summary>Where the other ledgers are asked. Queues of their own, so that a run never holds up an order.</summary>
public static class ReconciliationAddresses
{
    /// <summary>Most orders a message names; bounds the message and the work that one message is.</summary>
    public const int MaxOrders = 500;

    /// <summary>Queue of the inventory's side.</summary>
    public const string InventoryQueue = "inventory-reconciliation";

    /// <summary>Queue of the notification service's side.</summary>
    public const string NotificationsQueue = "notification-reconciliation";

    /// <summary>Address of <see cref="InventoryQueue"/>; it names the exchange, as all command addresses do.</summary>
    public static readonly Uri Inventory = new($"exchange:{InventoryQueue}");

    /// <summary>Address of <see cref="NotificationsQueue"/>.</summary>
    public static readonly Uri Notifications = new($"exchange:{NotificationsQueue}");
}
