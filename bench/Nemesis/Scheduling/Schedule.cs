using OrderSample.Nemesis.Faults;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Scheduling;

/// <summary>Draws the faults of a run before it begins: the same seed, time, shape and kinds give the same ones.</summary>
internal static class Schedule
{
    /// <summary>Faults at a time.</summary>
    public const int AtOnce = 2;

    /// <summary>The system without a fault, to begin with.</summary>
    private static readonly TimeSpan Calm = TimeSpan.FromSeconds(5);

    /// <summary>What a process takes to be of use again after it was away.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);
    private static readonly (double Least, double Most) Pause = (1, 6);

    /// <summary>All faults of a run, by their beginning. Every kind has its turn before one comes again, as far as it fits.</summary>
    /// <param name="seed">Decides.</param>
    /// <param name="time">All end within it.</param>
    /// <param name="shape">What there is to break.</param>
    /// <param name="kinds">What may happen.</param>
    public static IReadOnlyList<PlannedFault> Of(int seed, TimeSpan time, SystemShape shape, IReadOnlyList<FaultKind> kinds)
    {
        var random = new Random(seed);
        var planned = new List<(PlannedFault Fault, FaultKind Kind)>();
        var turn = new List<FaultKind>();
        for (var at = Calm; at < time;)
        {
            if (turn.Count == 0)
                turn.AddRange(Shuffled(kinds, random));
            if (turn.Select(kind => (Kind: kind, Fault: Draw(kind, planned.Count + 1, at, shape, random))).FirstOrDefault(x => Fits(x.Fault, x.Kind, planned, time)) is not { Kind: not null } next)
            {
                at += Step;
                continue;
            }

            planned.Add((next.Fault, next.Kind));
            turn.Remove(next.Kind);
            at += Seconds(random, Pause);
        }

        return [.. planned.Select(x => x.Fault)];
    }

    private static PlannedFault Draw(FaultKind kind, int number, TimeSpan at, SystemShape shape, Random random)
    {
        string[] targets = [.. kind.Targets(shape)];
        return new PlannedFault(number, kind.Name, targets[random.Next(targets.Length)], at, Seconds(random, kind.Seconds));
    }

    private static bool Fits(PlannedFault fault, FaultKind kind, List<(PlannedFault Fault, FaultKind Kind)> planned, TimeSpan time) =>
        fault.End <= time
        && planned.Count(x => x.Fault.End > fault.At) < AtOnce
        && !planned.Exists(x => x.Fault.End + (x.Kind.TakesDown ? Recovery : Step) > fault.At && Conflicts.Between((x.Kind, x.Fault.Target), (kind, fault.Target)));

    /// <summary>To a tenth of a second, so that a schedule reads well.</summary>
    private static TimeSpan Seconds(Random random, (double Least, double Most) range) =>
        TimeSpan.FromSeconds(Math.Round(range.Least + (random.NextDouble() * (range.Most - range.Least)), 1));

    private static FaultKind[] Shuffled(IReadOnlyList<FaultKind> kinds, Random random)
    {
        FaultKind[] shuffled = [.. kinds];
        random.Shuffle(shuffled);
        return shuffled;
    }
}
