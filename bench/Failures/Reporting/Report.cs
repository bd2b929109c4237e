using System.Globalization;
using System.Text;
using OrderSample.Bench.Shared;
using OrderSample.Failures.Breaking;

namespace OrderSample.Failures.Reporting;

/// <summary>One time that a fault happened.</summary>
internal sealed record Round(Failure Failure, Way Way, Pauses Pauses, Timeline Timeline);

/// <summary>The results of a run.</summary>
/// <param name="Command">What made it.</param>
/// <param name="Machine">Where it ran.</param>
/// <param name="StartedAt">When, UTC.</param>
/// <param name="Rounds">What was measured.</param>
internal sealed record Report(string Command, Machine Machine, DateTimeOffset StartedAt, IReadOnlyList<Round> Rounds)
{
    /// <summary>How many times as long as in the round in the middle a pause is that needs an explanation of its own.</summary>
    private const int Worse = 2;

    /// <summary>The results as they go into a document: medians, and of each fault the line of time of the round in the middle, and of the worst where that was much worse.</summary>
    public string ToMarkdown()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"`{Command}`, {StartedAt:yyyy-MM-dd HH:mm} UTC\n\n{Machine}\n\nSeconds; medians, and in parentheses each round.\n");
        text.AppendHeader("fault", "way", "pause in completions", "pause in acceptances", "p99 of orders meanwhile", "longest until accepted", "429 and 503", "no answer");
        var groups = Rounds.GroupBy(x => (x.Failure.Name, x.Way.Name)).ToList();
        foreach (var rounds in groups)
        {
            text.AppendRow(rounds.Key.Item1, rounds.Key.Item2, Of(rounds, x => x.Completions), Of(rounds, x => x.Acceptances), Of(rounds, x => x.Slow), Of(rounds, x => x.Late),
                Of(rounds, x => x.Refused), Of(rounds, x => x.Unanswered));
        }

        foreach (var rounds in groups)
        {
            Round[] sorted = [.. rounds.OrderBy(x => x.Pauses.Completions)];
            var middle = sorted[sorted.Length / 2];
            text.Append(CultureInfo.InvariantCulture, $"\n{rounds.Key.Item1}, {rounds.Key.Item2}: {middle.Failure.Says}\n\n```\n{string.Join('\n', middle.Timeline.Lines())}\n```\n");
            if (sorted[^1].Pauses.Completions > Worse * middle.Pauses.Completions)
                text.Append(CultureInfo.InvariantCulture, $"\nIts longest:\n\n```\n{string.Join('\n', sorted[^1].Timeline.Lines())}\n```\n");
        }

        return text.ToString();
    }

    private static string Of(IEnumerable<Round> rounds, Func<Pauses, double> value)
    {
        double[] values = [.. rounds.Select(x => value(x.Pauses))];
        return values.Length == 1 ? Number(values[0]) : $"{Number(values.Median())} ({string.Join("; ", values.Select(Number))})";
    }

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
