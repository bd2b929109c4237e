using System.ComponentModel.DataAnnotations;

namespace OrderSample.OrderService.Reconciling;

/// <summary>Configuration section <c>Reconciliation</c>: how often, how far back, and how much at a time.</summary>
public sealed class ReconciliationOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Reconciliation";

    /// <summary>Time from the start of one run to the start of the next.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// What changed within this time is still moving, and not looked at yet. It is also how long consumers have for a message that they have
    /// taken out of its queue, with its immediate retries; so it is longer than these, and an hour at most.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan Grace { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>What changed within this time is looked at again by every run, for what went wrong after it was looked at.</summary>
    public TimeSpan LookBack { get; init; } = TimeSpan.FromDays(1);

    /// <summary>How long runs and their reports are kept.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>After this time a page that was not answered is asked for again.</summary>
    public TimeSpan AnswerTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How often a page is asked for before the run is given up.</summary>
    [Range(1, 1000)]
    public int MaxAsks { get; init; } = 20;

    /// <summary>Orders after which a run ends; the next one carries on from there.</summary>
    [Range(1, 10_000_000)]
    public int MaxOrders { get; init; } = 200_000;

    /// <summary>Discrepancies after which a run ends; more of them is a case for a person.</summary>
    [Range(1, 100_000)]
    public int MaxDiscrepancies { get; init; } = 5_000;

    /// <summary>Repairs that one run makes; what is beyond is reported, and found again by the next run.</summary>
    [Range(0, 100_000)]
    public int MaxRepairs { get; init; } = 500;
}
