namespace OrderSample.ServiceDefaults.Messaging.Topology;

/// <summary>What services and the dead-letter desk call things on the broker.</summary>
public static class BrokerNames
{
    /// <summary>Exchange and queue of events that no queue takes.</summary>
    public const string Unrouted = "unrouted";

    /// <summary>Exchange and queue of messages that an endpoint's queue gave up.</summary>
    public const string DeadLetters = "dead-letters";

    /// <summary>Exchange and queue of reports that a replayed dead letter was handled.</summary>
    public const string HandledDeadLetters = "dead-letters-handled";

    /// <summary>Exchange and queue of reports that a message is delivered more than once. They are for people, and can be missing.</summary>
    public const string RepeatedDeliveries = "repeated-deliveries";

    /// <summary>What MassTransit adds to an endpoint's name for the queue of what its consumers failed at.</summary>
    public const string ErrorSuffix = "_error";

    /// <summary>What it adds for the queue of what the endpoint has no consumer for.</summary>
    public const string SkippedSuffix = "_skipped";

    /// <summary>What is added to an endpoint's name for the exchange that events come to it through.</summary>
    public const string EventsSuffix = "_events";

    /// <summary>Header with the number of redeliveries so far.</summary>
    public const string RedeliveriesHeader = "OrderSample-Redeliveries";

    /// <summary>Header with the time at which the outbox sent a message that had waited for a second or more, in ISO 8601. The package's outbox has none.</summary>
    public const string SentHeader = "Outbox-Sent";

    /// <summary>Header of a replayed message with the id of its case on the dead-letter desk.</summary>
    public const string CaseHeader = "OrderSample-DeadLetter";

    /// <summary>Header that says which of its case's replays a message is, from 1.</summary>
    public const string ReplayHeader = "OrderSample-DeadLetter-Replay";
}
