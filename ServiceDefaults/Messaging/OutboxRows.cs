using MassTransit.EntityFrameworkCoreIntegration;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>
/// What this sample's outbox tables have beyond those of MassTransit's package: by the columns' names, because the package's
/// entity has no properties for them.
/// </summary>
public static class OutboxRows
{
    /// <summary>The token a scheduled message is cancelled by; null for any other.</summary>
    public const string SchedulingTokenId = "SchedulingTokenId";

    /// <summary>Failed deliveries so far; always 0 with the package, which does not count them.</summary>
    public const string Attempts = "Attempts";

    /// <summary>Why the last delivery failed; always null with the package.</summary>
    public const string LastError = "LastError";

#if OFFICIAL_ENTITYFRAMEWORKCORE
    /// <summary>None: the package gives up on no message.</summary>
    /// <param name="outbox">The outbox.</param>
    public static IQueryable<OutboxMessage> ThatAreParked(this IQueryable<OutboxMessage> outbox) => outbox.Where(_ => false);

    /// <summary>All: the package gives up on no message.</summary>
    /// <param name="outbox">The outbox.</param>
    public static IQueryable<OutboxMessage> ThatAreNotParked(this IQueryable<OutboxMessage> outbox) => outbox;
#else
    /// <summary>Those that wait for a person.</summary>
    /// <param name="outbox">The outbox.</param>
    public static IQueryable<OutboxMessage> ThatAreParked(this IQueryable<OutboxMessage> outbox) => outbox.Where(message => message.EnqueueTime == null);

    /// <summary>Those that are, or will be, delivered by themselves.</summary>
    /// <param name="outbox">The outbox.</param>
    public static IQueryable<OutboxMessage> ThatAreNotParked(this IQueryable<OutboxMessage> outbox) => outbox.Where(message => message.EnqueueTime != null);
#endif
}
