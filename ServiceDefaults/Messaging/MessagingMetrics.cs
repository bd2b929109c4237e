using System.Diagnostics.Metrics;
using OrderSample.ServiceDefaults.Messaging.Backlog;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>What a service tells of its messages, beside what the bus itself measures.</summary>
internal sealed class MessagingMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "OrderSample.Messaging";

    private readonly Counter<long> _redeliveries;

    public MessagingMetrics(IMeterFactory meters, OutboxDeliveryView delivery)
    {
        // The factory owns the meter.
        var meter = meters.Create(MeterName);
        _redeliveries = meter.CreateCounter<long>("ordersample.redeliveries", "{message}", "Messages that failed and were put into a delay queue.");
        meter.CreateObservableGauge("ordersample.outbox.backlog", () => Counted(x => x.Count), "{message}", "Stored messages that are due and not confirmed yet.");
        meter.CreateObservableGauge("ordersample.outbox.oldest_age", () => Counted(x => x.OldestAge.TotalSeconds), "s", "How long the oldest of them waits, a scheduled one from its due time.");
        meter.CreateObservableGauge("ordersample.outbox.parked", () => Counted(x => x.Parked), "{message}", "Messages that could not be delivered and wait for a person.");
        meter.CreateObservableGauge("ordersample.outbox.paused", () => delivery.Paused is null ? 0 : 1, description: "1 while nothing is delivered, because the broker is away or takes nothing.");
        meter.CreateObservableGauge("ordersample.outbox.refusing", () => delivery.Refusing.Count, "{destination}", "Destinations that take nothing for now, full queues for example.");
    }

    /// <summary>The last count; null when there is none that is still true. Nothing is reported then: a gap, no old number.</summary>
    public Func<OutboxBacklog?> Backlog { get; set; } = () => null;

    /// <summary>Counts a message that was put into a delay queue.</summary>
    /// <param name="queue">The endpoint's queue.</param>
    /// <param name="reason"><c>failure</c>, or <c>outage</c> where it waits for what is away for everybody.</param>
    public void Redelivered(string queue, string reason) =>
        _redeliveries.Add(1, new KeyValuePair<string, object?>("endpoint", queue), new KeyValuePair<string, object?>("reason", reason));

    private IEnumerable<Measurement<T>> Counted<T>(Func<OutboxBacklog, T> value)
        where T : struct =>
        Backlog() is { } backlog ? [new Measurement<T>(value(backlog))] : [];
}
