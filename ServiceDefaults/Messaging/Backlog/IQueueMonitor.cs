namespace OrderSample.ServiceDefaults.Messaging.Backlog;

/// <summary>
/// Knows how much waits in a service's own queues, as of about a second ago, and until when all that was on its way through them has
/// arrived. A ledger that is compared with another one says nothing about what is still on its way.
/// </summary>
public interface IQueueMonitor
{
    /// <summary>Longest time that one can look back.</summary>
    static readonly TimeSpan Memory = TimeSpan.FromHours(1);

    /// <summary>Since when nothing could be measured, so that what is known may be long untrue; null while it is measured.</summary>
    DateTimeOffset? UnknownSince { get; }

    /// <summary>Messages that wait for a consumer, as last measured.</summary>
    /// <param name="queue">One of the monitored queues.</param>
    int WaitingIn(string queue);

    /// <summary>
    /// Until when all that came into these queues had been taken out by consumers, as it was known at a moment; none of it has waited
    /// for a redelivery since.
    /// </summary>
    /// <param name="moment">The moment, UTC. How long it is ago is how long consumers have had for what they took.</param>
    /// <param name="queues">Some of the monitored queues.</param>
    /// <returns>Null when that is not known.</returns>
    DateTimeOffset? TakenAsOf(DateTimeOffset moment, params IReadOnlyCollection<string> queues);

    /// <summary>Until when all that this service had stored in its outbox had been confirmed by the broker, as it was known at a moment.</summary>
    /// <param name="moment">The moment, UTC.</param>
    /// <returns>Null when that is not known.</returns>
    DateTimeOffset? SentAsOf(DateTimeOffset moment);

    /// <summary>How much waits in these queues, or since when that is not known, for a person.</summary>
    /// <param name="queues">Some of the monitored queues.</param>
    string Describe(params IReadOnlyCollection<string> queues);
}
