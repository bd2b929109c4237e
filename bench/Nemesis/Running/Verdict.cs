using OrderSample.Nemesis.Checking;

namespace OrderSample.Nemesis.Running;

/// <summary>How a run ended.</summary>
/// <param name="Options">What was run.</param>
/// <param name="Facts">What was found.</param>
/// <param name="Violations">The rules that do not hold.</param>
/// <param name="Settled">How long the system took after the last fault to have done everything; null if it never had.</param>
/// <param name="Replayed">Dead letters that a person had to replay, because something had been deleted.</param>
/// <param name="Sent">Parked messages that a person had to send again, for the same reason.</param>
/// <param name="History">The file with everything that happened.</param>
/// <param name="LastLines">What the processes logged last.</param>
internal sealed record Verdict(NemesisOptions Options, Facts Facts, IReadOnlyList<Violation> Violations, TimeSpan? Settled, int Replayed, int Sent, string History, string LastLines)
{
    /// <summary>0 if every rule holds, else 1.</summary>
    public int ExitCode => Violations.Count == 0 ? 0 : 1;

    /// <inheritdoc/>
    public override string ToString() => string.Join(Environment.NewLine, [.. Summary(), .. Violations.Count == 0 ? ["Every rule holds."] : Problems()]);

    private IEnumerable<string> Summary()
    {
        var orders = string.Join(", ", Facts.Orders.Values.CountBy(x => x.Status).OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"{x.Value} {x.Key}"));
        var faults = Facts.Faults.Where(x => x.Begin is not null).ToList();
        var green = Facts.Health.Values.Max(x => x.After ?? TimeSpan.MaxValue);
        return
        [
            $"seed {Options.Seed}, {Options.Time.TotalMinutes} minutes, {Options.Rate} orders/s, {Options.Shape.Nodes} nodes",
            $"{Facts.Accepted.Count()} orders accepted ({orders}), {Facts.Messages.Count} messages",
            $"{faults.Count} faults: {string.Join(", ", faults.CountBy(x => x.Kind).OrderBy(x => x.Key, StringComparer.Ordinal).Select(x => $"{x.Value} {x.Key}"))}",
            (Settled is { } settled ? $"all was done {settled.TotalSeconds:0} s after the last fault" : "not all was done in time")
                + (green == TimeSpan.MaxValue ? "; not every service became healthy" : $"; every service was healthy after {green.TotalSeconds:0} s") + $"; {Replayed} dead letters replayed, {Sent} parked messages sent again",
            $"history: {History}",
        ];
    }

    private IEnumerable<string> Problems() =>
    [
        "", $"VIOLATED with seed {Options.Seed}: {Violations[0]}", "",
        .. Violations[0].OrderId is { } order ? [.. Story.Of(order, Facts), ""] : Array.Empty<string>(),
        "All that is violated:",
        .. Violations.GroupBy(x => x.Rule).Select(x => $"  {x.Count()} times: {x.Key}, first: {x.First().What}"), "",
        "What the processes logged last:", LastLines,
    ];
}
