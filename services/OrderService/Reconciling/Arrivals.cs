using System.Globalization;
using Microsoft.Extensions.Options;
using OrderSample.ServiceDefaults.Messaging.Backlog;

namespace OrderSample.OrderService.Reconciling;

/// <summary>Until when what was stored here has come to a place.</summary>
/// <param name="Until">What was stored until then has come there, UTC, and what came of it is stored as well.</param>
/// <param name="WhyNoLater">Where the rest may be, for a person.</param>
internal sealed record Arrived(DateTimeOffset Until, string WhyNoLater);

/// <summary>
/// Says until when the messages that this service has stored have come to those who take them: first they leave its outbox, then a queue,
/// and then the grace time is their consumer's. What is not known has not arrived.
/// </summary>
internal sealed class Arrivals(IQueueMonitor queues, IOutboxMonitor outbox, IOptions<ReconciliationOptions> options, TimeProvider time)
{
    /// <summary>An outbox that is further behind is why messages have not arrived.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromSeconds(5);

    /// <summary>By then consumers took what they have had the grace time for.</summary>
    public DateTimeOffset AsOf => time.GetUtcNow() - options.Value.Grace;

    /// <summary>At a queue of this service.</summary>
    public Arrived At(string queue) => Arrived(queues.TakenAsOf(AsOf, queue), queues.Describe(queue));

    /// <summary>At another service.</summary>
    /// <param name="service">Which, for a person.</param>
    /// <param name="takenUntil">Until when what came into its queues was taken in, as it says.</param>
    /// <param name="backlog">What waits there, as it says; null when it says nothing.</param>
    public Arrived At(string service, DateTimeOffset? takenUntil, string? backlog) =>
        Arrived(takenUntil, backlog is null ? $"The {service} does not say how much waits there." : $"The {service} says: {backlog}");

    private Arrived Arrived(DateTimeOffset? takenUntil, string backlog) =>
        new(takenUntil is { } taken && queues.SentAsOf(taken) is { } sent ? sent : DateTimeOffset.MinValue, Outbox() ?? backlog);

    /// <returns>Null when messages leave it in time.</returns>
    private string? Outbox() => (outbox.UnknownSince, outbox.Current) switch
    {
        ({ } since, _) => string.Create(CultureInfo.InvariantCulture, $"The outbox could not be counted since {since:u}."),
        (_, { OldestAge: var age } backlog) when age > Late =>
            string.Create(CultureInfo.InvariantCulture, $"In the outbox {backlog.Count:N0} messages wait, the oldest for {age.TotalSeconds:0} s."),
        _ => null,
    };
}
