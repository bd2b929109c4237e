namespace OrderSample.Backoffice.Console.Services;

/// <summary>The services, as the app host names them.</summary>
internal static class ServiceNames
{
    /// <summary>Takes orders and drives them.</summary>
    public const string Orders = "order-service";

    /// <summary>Keeps the stock.</summary>
    public const string Inventory = "inventory-service";

    /// <summary>Tells customers.</summary>
    public const string Notifications = "notification-service";

    /// <summary>All of them, in the order of an order's way.</summary>
    public static IReadOnlyList<string> All { get; } = [Orders, Inventory, Notifications];
}
