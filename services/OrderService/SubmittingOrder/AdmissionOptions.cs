using System.ComponentModel.DataAnnotations;

namespace OrderSample.OrderService.SubmittingOrder;

/// <summary>
/// Configuration section <c>Admission</c>: how much may be on its way before further orders are refused. What is accepted
/// is kept whatever happens, so accepting more than can be worked off would only make every customer wait.
/// </summary>
public sealed class AdmissionOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "Admission";

    /// <summary>Orders the system is at work on. One that waits for its payment is not: that may take hours.</summary>
    [Range(1, 10_000_000)]
    public int MaxOrdersInFlight { get; init; } = 2_000;

    /// <summary>Messages in the outbox that the broker has not confirmed.</summary>
    [Range(1, 100_000)]
    public int MaxOutboxMessages { get; init; } = 10_000;

    /// <summary>How long the oldest of them may wait for its first delivery.</summary>
    public TimeSpan MaxOutboxAge { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Messages in the saga's queue.</summary>
    [Range(1, 10_000_000)]
    public int MaxQueueLength { get; init; } = 10_000;

    /// <summary>What a refused caller is told to wait.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(2);
}
