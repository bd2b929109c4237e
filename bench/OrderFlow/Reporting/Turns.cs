namespace OrderSample.Bench.Reporting;

/// <summary>
/// Measures several subjects in turns, round after round, so that all have the same share of what else the machine does. Every
/// second round goes the other way, because whoever is first in all of them is a little slower than the others.
/// </summary>
internal static class Turns
{
    /// <param name="part">The part of the benchmark.</param>
    /// <param name="rounds">How many rounds.</param>
    /// <param name="subjects">What is compared, by name.</param>
    /// <param name="measure">One measurement.</param>
    /// <param name="cancellationToken">Ends it between two measurements.</param>
    public static async Task<IReadOnlyList<Figure>> Measure<T>(string part, int rounds, IReadOnlyList<(string Name, T Subject)> subjects,
        Func<T, Task<IReadOnlyList<Reading>>> measure, CancellationToken cancellationToken)
    {
        var readings = new List<(string Subject, Reading Reading)>();
        for (var round = 1; round <= rounds; round++)
        {
            foreach (var (name, subject) in round % 2 == 1 ? subjects : subjects.Reverse())
            {
                cancellationToken.ThrowIfCancellationRequested();
                var read = await measure(subject);
                readings.AddRange(read.Select(x => (name, x)));
                Progress.Say(FormattableString.Invariant($"{part}, round {round} of {rounds}, {name}: {string.Join(", ", read.Take(3).Select(x => $"{x.Name} {x.Value:0.##} {x.Unit}"))}"));
            }
        }

        return [.. readings.GroupBy(x => (x.Reading.Name, x.Reading.Unit)).Select(figure => new Figure(part, figure.Key.Name, figure.Key.Unit,
            [.. subjects.Where(x => figure.Any(y => y.Subject == x.Name))
                .Select(x => new Measured(x.Name, [.. figure.Where(y => y.Subject == x.Name).Select(y => y.Reading.Value)]))]))];
    }
}
