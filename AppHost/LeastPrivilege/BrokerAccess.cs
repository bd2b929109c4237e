namespace OrderSample.AppHost.LeastPrivilege;

/// <summary>
/// What a user may do at the broker, as regular expressions over the names of exchanges and queues. Nobody but these
/// services and the administrator can log in.
/// </summary>
/// <param name="Configure">What it may declare and delete.</param>
/// <param name="Write">Exchanges it may publish to, and queues and exchanges it may bind to others.</param>
/// <param name="Read">Queues it may consume from, and exchanges it may bind its own to.</param>
/// <param name="Tags">What it may see in the management interface.</param>
internal sealed record BrokerAccess(string Configure, string Write, string Read, string Tags = "")
{
    // An event's exchange is declared by whoever is there first, publisher or consumer.
    private const string OrderEvents = @"OrderSample\.Contracts\.Ordering\.Events:.+";
    private const string StockCommands = @"OrderSample\.Contracts\.Inventory\.Commands:.+";
    private const string StockEvents = @"OrderSample\.Contracts\.Inventory\.Events:.+";
    private const string Questions = @"OrderSample\.Contracts\.Reconciling\.Commands:.+";
    private const string Answers = @"OrderSample\.Contracts\.Reconciling\.Events:.+";

    // Every service declares them with its own queues: what these overflow into, and where it reports to the desk.
    private const string Shared = "unrouted|dead-letters|dead-letters-handled|repeated-deliveries";

    /// <summary>The table. A service's own queues begin with its name, and include <c>_error</c>, <c>_skipped</c> and the delay queues.</summary>
    /// <exception cref="ArgumentException">The service has no line in it.</exception>
    public static BrokerAccess Of(string service) => service switch
    {
        // Commands go straight to the exchange of the endpoint that takes them: to publish there is all that their sender may.
        "order-service" => Service("order", [OrderEvents, StockEvents, Answers, @"OrderSample\.OrderService\..+"],
            sendsTo: ["inventory-reservations", "inventory-reconciliation", "notification-reconciliation"]),
        "inventory-service" => Service("inventory", [StockCommands, StockEvents, Questions, Answers], sendsTo: []),
        "notification-service" => Service("notification", [OrderEvents, Questions, Answers], sendsTo: []),

        // Empties the queues of what failed and of what was handled then, and puts it back where it came from. It declares nothing.
        "backoffice" => new BrokerAccess(Configure: "^$", Write: Names([@"amq\.default", @"OrderSample\..+"]),
            Read: Names([".+_error", ".+_skipped", Shared]), Tags: "monitoring"),
        _ => throw new ArgumentException($"What {service} may do at the broker is not said in {nameof(BrokerAccess)}.", nameof(service)),
    };

    private static BrokerAccess Service(string name, string[] messages, string[] sendsTo)
    {
        string[] own = [$"{name}-.+", .. messages, Shared];
#if OFFICIAL_ENTITYFRAMEWORKCORE
        // The package delivers by the bus, and that declares what it sends to. It can't change it: another declaration is refused.
        string[] declared = [.. own, .. sendsTo];
#else
        var declared = own;
#endif
        return new BrokerAccess(Configure: Names(declared), Write: Names([.. own, .. sendsTo]), Read: Names(own));
    }

    private static string Names(string[] names) => $"^({string.Join('|', names)})$";
}
