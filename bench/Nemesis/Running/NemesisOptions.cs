using OrderSample.Nemesis.Faults;
using OrderSample.Nemesis.Recording;
using OrderSample.Nemesis.Scheduling;

namespace OrderSample.Nemesis.Running;

/// <summary>What a run is to be.</summary>
/// <param name="Seed">Decides faults and orders.</param>
/// <param name="Time">How long orders are offered and things break.</param>
/// <param name="Rate">Orders a second.</param>
/// <param name="Shape">What there is to break.</param>
/// <param name="Kinds">What may break it.</param>
/// <param name="Output">Folder of the history.</param>
internal sealed record NemesisOptions(int Seed, TimeSpan Time, int Rate, SystemShape Shape, IReadOnlyList<FaultKind> Kinds, string Output)
{
    /// <summary>The faults, in the sequence in which they begin.</summary>
    public IReadOnlyList<PlannedFault> Schedule { get; init; } = Scheduling.Schedule.Of(Seed, Time, Shape, Kinds);

    /// <summary>A run like one that was written down: with its faults at its times, whatever would be drawn for its seed today, and with its orders.</summary>
    /// <exception cref="ArgumentException">It is no history, or has a fault that there is none of any more.</exception>
    public static NemesisOptions Replay(string file, string output)
    {
        var lines = History.Read(file);
        if (lines is not [RunLine run, ..])
            throw new ArgumentException($"{file} does not begin with a run.");
        return new NemesisOptions(run.Seed, TimeSpan.FromMinutes(run.Minutes), run.Rate, new SystemShape(run.Nodes, run.InContainers), FaultKinds.Named(run.Faults), output)
        {
            Schedule = History.ScheduleIn(lines),
        };
    }

    /// <summary>The first line of its history.</summary>
    public RunLine ToLine(DateTimeOffset at) => new(Seed, Time.TotalMinutes, Rate, Shape.Nodes, [.. Kinds.Select(x => x.Name)], at, Shape.InContainers);
}
