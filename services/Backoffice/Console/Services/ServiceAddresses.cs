namespace OrderSample.Backoffice.Console.Services;

/// <summary>Configuration section <c>Services</c>: where the services are whose work the console shows. The app host says so.</summary>
public sealed class ServiceAddresses
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Services";

    /// <summary>The Aspire dashboard; null when none runs.</summary>
    public Uri? Dashboard { get; init; }

    /// <summary>The order service.</summary>
    public Uri? OrderService { get; init; }

    /// <summary>The inventory service.</summary>
    public Uri? InventoryService { get; init; }

    /// <summary>The notification service.</summary>
    public Uri? NotificationService { get; init; }
}
