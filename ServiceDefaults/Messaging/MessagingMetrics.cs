using System.Diagnostics.Metrics;
using OrderSample.ServiceDefaults.Messaging.Backlog;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>What a service tells of its messages, beside what the bus itself measures.</summary>
internal sealed class MessagingMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "OrderSample.Messaging";

    private readonly Counter<long> _redeliveries;

    public MessagingMetrics(IMeterFactory meters)
    {
        // The factory owns the meter.
        var meter = meters.Create(MeterName);
        _redeliveries = meter.CreateCounter<long>("ordersample.redeliveries", "{message}", "Messages that failed and were put into a delay queue.");
        meter.CreateObservableGauge("ordersample.outbox.backlog", () => Backlog.Count, "{message}", "Stored messages that are due and not confirmed yet.");
        meter.CreateObservableGauge("ordersample.outbox.oldest_age", () => Backlog.OldestAge.TotalSeconds, "s", "How long the oldest of them waits for its first delivery.");
        meter.CreateObservableGauge("ordersample.outbox.parked", () => Backlog.Parked, "{message}", "Messages that could not be delivered and wait for a person.");
    }

    /// <summary>The last count.</summary>
    public OutboxBacklog Backlog { get; set; } = new(0, TimeSpan.Zero, 0);

    public void Redelivered(string queue) => _redeliveries.Add(1, new KeyValuePair<string, object?>("endpoint", queue));
}
