using OrderSample.Nemesis.Faults;

namespace OrderSample.Nemesis.Scheduling;

/// <summary>A fault of a schedule.</summary>
/// <param name="Number">Its place in the schedule, from 1.</param>
/// <param name="Kind">The name of its kind.</param>
/// <param name="Target">What is broken.</param>
/// <param name="At">When it begins, from the beginning of the load.</param>
/// <param name="Length">How long it lasts.</param>
internal sealed record PlannedFault(int Number, string Kind, string Target, TimeSpan At, TimeSpan Length)
{
    /// <summary>When it is healed.</summary>
    public TimeSpan End => At + Length;

    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{Number} {Kind} {Target} at {At.TotalSeconds:0.0} s for {Length.TotalSeconds:0.0} s");
}

/// <summary>Tells which faults are not for the same time.</summary>
internal static class Conflicts
{
    /// <summary>Whether one would be in the other's way: it needs a process that the other ends, or is the same at the same target.</summary>
    public static bool Between((FaultKind Kind, string Target) one, (FaultKind Kind, string Target) other) =>
        (one.Kind.Family == other.Kind.Family && one.Target == other.Target)
        || ((one.Kind.TakesDown || other.Kind.TakesDown) && one.Kind.Uses(one.Target).Intersect(other.Kind.Uses(other.Target)).Any());
}
