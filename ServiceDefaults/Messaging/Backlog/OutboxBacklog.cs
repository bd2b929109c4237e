namespace OrderSample.ServiceDefaults.Messaging.Backlog;

/// <summary>What waits in a service's outbox.</summary>
/// <param name="Count">Messages that are due and not confirmed yet; counted up to <see cref="Limit"/>.</param>
/// <param name="OldestAge">
/// How long the oldest of them waits, a scheduled one from its due time. Those that were refused for their own sake do not count: a
/// command without a queue is one message's trouble, neither load nor outage.
/// </param>
/// <param name="Parked">Messages that wait for a person.</param>
public sealed record OutboxBacklog(int Count, TimeSpan OldestAge, int Parked)
{
    /// <summary>More than this is not counted: it would only make a full outbox slower.</summary>
    public const int Limit = 100_000;
}
