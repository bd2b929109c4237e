namespace OrderSample.Backoffice.Console.Orders;

/// <summary>Finds whose an endpoint is.</summary>
internal static class Lanes
{
    /// <summary>Who consumes at an endpoint; of an event that no queue takes, whose event it is.</summary>
    /// <param name="endpoint">The endpoint's queue, or the event's exchange.</param>
    public static Lane Of(string endpoint) =>
        endpoint.StartsWith("inventory-", StringComparison.Ordinal) || endpoint.Contains(".Inventory.", StringComparison.Ordinal) ? Lane.InventoryService
        : endpoint.StartsWith("notification-", StringComparison.Ordinal) ? Lane.NotificationService
        : Lane.OrderService;
}
