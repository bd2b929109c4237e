using OrderSample.Bench.Running;

namespace OrderSample.Nemesis.Running;

/// <summary>What there is to break.</summary>
/// <param name="Nodes">Nodes of the broker.</param>
/// <param name="InContainers">Whether broker and database run in containers.</param>
internal sealed record SystemShape(int Nodes, bool InContainers = false)
{
    /// <summary>The database server.</summary>
    public const string DatabaseServer = SystemUnderTest.Database;

    /// <summary>The database that nobody but its service uses, by service.</summary>
    public static readonly IReadOnlyDictionary<string, string> DatabaseOf = new Dictionary<string, string>
    {
        ["order-service"] = "orders-db",
        ["inventory-service"] = "inventory-db",
        ["notification-service"] = "notifications-db",
        ["backoffice"] = "backoffice-db",
    };

    /// <summary>Tables that the way of an order leads through, as database/table.</summary>
    public static readonly IReadOnlyList<string> Tables =
    [
        "orders-db/Orders", "orders-db/OrderStates", "orders-db/Payments", "orders-db/Refunds", "orders-db/OutboxMessage", "orders-db/InboxState",
        "inventory-db/Products", "inventory-db/Reservations", "inventory-db/OutboxMessage", "inventory-db/InboxState",
        "notifications-db/Notifications", "backoffice-db/DeadLetters",
    ];

    /// <summary>The endpoints' queues, each with its <see cref="ExchangesOf"/>.</summary>
    public static readonly IReadOnlyList<string> Queues =
    [
        "order-saga", "order-refunds", "order-reconciliation", "inventory-reservations", "inventory-reconciliation",
        "notification-email", "notification-sms", "notification-reconciliation",
    ];

    /// <summary>Events with the endpoints whose <see cref="EventsExchange"/> they are bound to.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Subscribers = new Dictionary<string, string[]>
    {
        ["OrderSample.Contracts.Ordering.Events:OrderSubmitted"] = ["order-saga"],
        ["OrderSample.Contracts.Ordering.Events:PaymentReceived"] = ["order-saga"],
        ["OrderSample.Contracts.Ordering.Events:CancellationRequested"] = ["order-saga"],
        ["OrderSample.Contracts.Ordering.Events:RefundDue"] = ["order-refunds"],
        ["OrderSample.Contracts.Inventory.Events:StockReserved"] = ["order-saga"],
        ["OrderSample.Contracts.Inventory.Events:StockShort"] = ["order-saga"],
        ["OrderSample.Contracts.Inventory.Events:StockCommitted"] = ["order-saga"],
        ["OrderSample.Contracts.Inventory.Events:StockReleased"] = ["order-saga"],
        ["OrderSample.Contracts.Ordering.Events:OrderReserved"] = ["notification-email", "notification-sms"],
        ["OrderSample.Contracts.Ordering.Events:OrderRejected"] = ["notification-email", "notification-sms"],
        ["OrderSample.Contracts.Ordering.Events:OrderCompleted"] = ["notification-email", "notification-sms"],
        ["OrderSample.Contracts.Ordering.Events:OrderCancelled"] = ["notification-email", "notification-sms"],
        ["OrderSample.Contracts.Ordering.Events:PaymentRefunded"] = ["notification-email", "notification-sms"],
        ["OrderSample.Contracts.Reconciling.Events:ReservationsReported"] = ["order-reconciliation"],
        ["OrderSample.Contracts.Reconciling.Events:NotificationsReported"] = ["order-reconciliation"],
    };

    private static readonly string[] StockCommands = ["ReserveStock", "CommitStock", "ReleaseStock"];

    /// <summary>The queues that messages of a kind go to; all of them for a kind that is not on an order's way.</summary>
    public static IReadOnlyList<string> QueuesOf(string message) =>
        StockCommands.Contains(message) ? ["inventory-reservations"]
        : Subscribers.FirstOrDefault(x => x.Key.EndsWith(":" + message, StringComparison.Ordinal)).Value ?? Queues;

    /// <summary>The exchange that events come to an endpoint through.</summary>
    public static string EventsExchange(string endpoint) => endpoint + "_events";

    /// <summary>The exchanges that lead to an endpoint's queue: that of commands, and that of events.</summary>
    public static IEnumerable<string> ExchangesOf(string endpoint) => [endpoint, EventsExchange(endpoint)];

    /// <summary>The services, which are also the names of their accounts.</summary>
    public static IEnumerable<string> Services => DatabaseOf.Keys;

    /// <summary>The services that have consumers.</summary>
    public static IEnumerable<string> Consumers => Services.Where(x => x != "backoffice");

    /// <summary>The services' databases.</summary>
    public static IEnumerable<string> Databases => DatabaseOf.Values;

    /// <summary>The broker's nodes.</summary>
    public IReadOnlyList<string> Brokers => [.. Enumerable.Range(1, Nodes).Select(n => n == 1 ? SystemUnderTest.Broker : FormattableString.Invariant($"{SystemUnderTest.Broker}-{n}"))];

    /// <summary>Everything that runs: services, nodes and the database server.</summary>
    public IReadOnlyList<string> Processes => [.. Services, .. Brokers, DatabaseServer];
}
