using System.Diagnostics.Metrics;

namespace OrderSample.Backoffice.WatchingDeadLetters;

/// <summary>What the desk tells of the dead letters.</summary>
internal sealed class DeadLetterMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "OrderSample.DeadLetters";

    public DeadLetterMetrics(IMeterFactory meters)
    {
        // The factory owns the meter.
        var meter = meters.Create(MeterName);
        meter.CreateObservableGauge("ordersample.dead_letters.open", Measure, "{message}", "Dead letters that wait for a person, by group.");
    }

    /// <summary>The last count; null while nothing can be counted.</summary>
    public IReadOnlyList<OpenGroup>? Open { get; set; }

    /// <summary>Zero where there is none, so that a gap says that nobody knows.</summary>
    private IEnumerable<Measurement<int>> Measure() => Open switch
    {
        null => [],
        [] => [new Measurement<int>(0)],
        var groups => groups.Select(Measurement),
    };

    private static Measurement<int> Measurement(OpenGroup group) => new(group.Count,
        new("cause", group.Cause.ToString()), new("endpoint", group.Endpoint), new("message_type", group.MessageType), new("exception_type", group.ExceptionType));
}
