using OrderSample.Bench.Confirms.Running;
using OrderSample.Bench.Shared;

namespace OrderSample.Bench.Confirms.Reporting;

/// <summary>Measures several kinds in turn, round after round, on both kinds of queue.</summary>
internal static class Rounds
{
    /// <param name="what">For the progress lines.</param>
    /// <param name="kinds">What is compared.</param>
    /// <param name="nameOf">A kind's name.</param>
    /// <param name="yardstick">The name of the kind that the others are compared with.</param>
    /// <param name="options">How many rounds.</param>
    /// <param name="measure">One measurement, in messages a second.</param>
    /// <param name="cancellationToken">Ends it between two measurements.</param>
    public static async Task<IReadOnlyList<Speed>> Measure<TKind>(string what, IReadOnlyList<TKind> kinds, Func<TKind, string> nameOf, string yardstick,
        BenchOptions options, Func<TKind, QueueKind, Task<double>> measure, CancellationToken cancellationToken)
    {
        var measured = new Dictionary<(QueueKind Queue, string Kind), List<double>>();
        // The first round only warms up: code is compiled, files and connections are made.
        for (var round = 0; round <= options.Rounds; round++)
        {
            foreach (var queue in Enum.GetValues<QueueKind>())
            {
                foreach (var kind in kinds)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    var perSecond = await measure(kind, queue);
                    var label = round == 0 ? "warm-up" : $"round {round} of {options.Rounds}";
                    Bench.Progress(FormattableString.Invariant($"{what}, {label}: {queue}, {nameOf(kind)}: {perSecond:N0}/s"));
                    if (round == 0)
                        measured[(queue, nameOf(kind))] = [];
                    else
                        measured[(queue, nameOf(kind))].Add(perSecond);
                }
            }
        }

        return [.. measured.Select(x => new Speed(x.Key.Queue, x.Key.Kind, x.Value.Median(),
            x.Value.Median() / measured[(x.Key.Queue, yardstick)].Median(), x.Value))];
    }
}
