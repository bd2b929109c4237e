using OrderSample.Bench.Shared;

namespace OrderSample.Bench.Reporting;

/// <summary>One value of one round.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">In what.</param>
/// <param name="Value">The value.</param>
internal sealed record Reading(string Name, string Unit, double Value);

/// <summary>A figure of one system.</summary>
/// <param name="Subject">The system, or the state it was in.</param>
/// <param name="Rounds">Each round's value.</param>
internal sealed record Measured(string Subject, IReadOnlyList<double> Rounds)
{
    public double Median => Rounds.Median();
}

/// <summary>A figure beside what it is compared with.</summary>
/// <param name="Part">The part of the benchmark.</param>
/// <param name="Name">What was measured.</param>
/// <param name="Unit">In what.</param>
/// <param name="Subjects">All that were measured in the same run, in turns.</param>
internal sealed record Figure(string Part, string Name, string Unit, IReadOnlyList<Measured> Subjects)
{
    /// <summary>Of the first subject to the last one; null when there is nothing to compare.</summary>
    public double? Ratio => Subjects.Count > 1 && Subjects[^1].Median > 0 ? Subjects[0].Median / Subjects[^1].Median : null;
}
