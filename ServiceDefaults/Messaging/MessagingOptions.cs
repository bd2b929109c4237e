using System.ComponentModel.DataAnnotations;
using OrderSample.ServiceDefaults.Messaging.Redelivery;
using OrderSample.ServiceDefaults.Messaging.Topology;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>Configuration section <c>Messaging</c>.</summary>
public sealed class MessagingOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Messaging";

    private static readonly TimeSpan LongestWork = TimeSpan.FromSeconds(1);

    /// <summary>
    /// The nodes of a cluster, each as <c>host:port</c>; user, password and virtual host are the connection string's. None:
    /// the connection string's own host is the broker, or what stands before its nodes.
    /// </summary>
    public string[] Nodes { get; init; } = [];

    /// <summary>
    /// How often both ends of a connection tell that they are alive. One that is silent for about three times as long counts as
    /// lost, as that to a node which hangs without having closed it.
    /// </summary>
    public TimeSpan Heartbeat { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a node may take to answer a new connection, before the next node is tried.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Time between two looks whether the broker still has this service's queues, exchanges and bindings as they were declared.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan TopologyInterval { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Messages an endpoint has in hand without having acknowledged them, unless it says otherwise.</summary>
    [Range(1, 65_535)]
    public int PrefetchCount { get; init; } = 32;

    /// <summary>Messages an endpoint works on at a time, unless it says otherwise. Each takes a database connection.</summary>
    [Range(1, 1000)]
    public int ConcurrentMessageLimit { get; init; } = 8;

    /// <summary>What single endpoints do differently, by queue name.</summary>
    public Dictionary<string, EndpointOptions> Endpoints { get; init; } = [];

    /// <summary>What the broker holds the queues to.</summary>
    public QueueOptions Queues { get; init; } = new();

    /// <summary>How transient faults are retried. All services have to be given the same: see <see cref="LongestHandling"/>.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>How messages that still fail then are delayed and tried again. All services have to be given the same.</summary>
    public RedeliveryOptions Redelivery { get; init; } = new();

    /// <summary>When an endpoint whose messages fail is stopped for a while, unless it says otherwise.</summary>
    public KillSwitchSettings KillSwitch { get; init; } = new();

    /// <summary>How the delivery of stored messages is repeated.</summary>
    public OutboxDeliveryOptions Outbox { get; init; } = new();

    /// <summary>
    /// How long a message that fails each time is tried at most, before it is a dead letter: the delays of its redeliveries and, for each
    /// try, the immediate retries and a second for the work itself. Not in it is what comes on top while much else waits.
    /// </summary>
    /// <remarks>Who asks another service and waits for the answer knows by this how long to wait: what is configured here holds there, too.</remarks>
    public TimeSpan LongestHandling =>
        Redelivery.DelaysOrDefault.Aggregate(TimeSpan.Zero, (sum, delay) => sum + delay) + (Redelivery.DelaysOrDefault.Count + 1) * (Retry.LongestTotal + LongestWork);

    /// <summary>When an endpoint is stopped for a while.</summary>
    /// <param name="endpoint">Queue name.</param>
    internal KillSwitchSettings KillSwitchOf(string endpoint) => Endpoints.GetValueOrDefault(endpoint)?.KillSwitch ?? KillSwitch;

    /// <summary>How messages of an endpoint share transactions; null: each has its own.</summary>
    /// <param name="endpoint">Queue name.</param>
    internal SharedTransactionSettings? SharedTransactionsOf(string endpoint) => Endpoints.GetValueOrDefault(endpoint)?.SharedTransactions;

    /// <summary>Batches of an endpoint that takes them.</summary>
    /// <param name="endpoint">Queue name.</param>
    internal BatchSettings BatchOf(string endpoint) => Endpoints.GetValueOrDefault(endpoint)?.Batch ?? new BatchSettings();

    /// <summary>Prefetch of an endpoint, in messages.</summary>
    /// <param name="endpoint">Queue name.</param>
    public int PrefetchCountOf(string endpoint) => Endpoints.GetValueOrDefault(endpoint)?.PrefetchCount ?? PrefetchCount;

    /// <summary>Concurrency of an endpoint, in messages.</summary>
    /// <param name="endpoint">Queue name.</param>
    public int ConcurrentMessageLimitOf(string endpoint) =>
        Endpoints.GetValueOrDefault(endpoint)?.ConcurrentMessageLimit ?? ConcurrentMessageLimit;
}

/// <summary>What one endpoint does differently; null: as all.</summary>
public sealed class EndpointOptions
{
    /// <inheritdoc cref="MessagingOptions.PrefetchCount"/>
    [Range(1, 65_535)]
    public int? PrefetchCount { get; init; }

    /// <inheritdoc cref="MessagingOptions.ConcurrentMessageLimit"/>
    [Range(1, 1000)]
    public int? ConcurrentMessageLimit { get; init; }

    /// <inheritdoc cref="MessagingOptions.KillSwitch"/>
    public KillSwitchSettings? KillSwitch { get; init; }

    /// <summary>How messages are put together, at an endpoint that takes them in batches.</summary>
    public BatchSettings? Batch { get; init; }

    /// <summary>How messages share transactions; null: each has its own.</summary>
    public SharedTransactionSettings? SharedTransactions { get; init; }
}

/// <summary>Immediate retries: in memory, while the message stays unacknowledged. For faults that pass within seconds.</summary>
public sealed class RetryOptions
{
    /// <summary>Attempts after the first.</summary>
    [Range(0, 20)]
    public int Limit { get; init; } = 6;

    /// <summary>Delay before the first retry; grows exponentially.</summary>
    public TimeSpan First { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest delay between two attempts.</summary>
    public TimeSpan Longest { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>All delays together. MassTransit makes each of them longer or shorter by chance, by half of it at most.</summary>
    internal TimeSpan LongestTotal => 1.5 * Enumerable.Range(0, Limit)
        .Aggregate(TimeSpan.Zero, (sum, attempt) => sum + TimeSpan.FromTicks((long)Math.Min(First.Ticks * (1 + Math.Pow(2, attempt)), Longest.Ticks)));
}

/// <summary>Deliveries that fail for the message's own sake: no queue takes it, it is not allowed, too large or malformed. An outage of the broker and a full queue are none.</summary>
public sealed class OutboxDeliveryOptions
{
    /// <summary>After this many refusals a message is parked, for a person to look at.</summary>
    [Range(1, 1000)]
    public int MaxAttempts { get; init; } = 12;

    /// <summary>Delay after the first failed delivery; doubles with each further one.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Longest delay between two deliveries.</summary>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>The service says it is degraded when a message waits longer than this.</summary>
    public TimeSpan DegradedAfter { get; init; } = TimeSpan.FromSeconds(30);
}
