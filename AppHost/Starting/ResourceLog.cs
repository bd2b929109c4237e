using System.Text.RegularExpressions;

namespace OrderSample.AppHost.Starting;

/// <summary>What resources have written to their streams until now.</summary>
internal sealed partial class ResourceLog(ResourceLoggerService logs, TimeProvider time)
{
    /// <summary>What was written comes at once; it has no end that could be waited for.</summary>
    private static readonly TimeSpan ReadTime = TimeSpan.FromSeconds(1);

    /// <summary>The lines in the order of their time, without it and without colours.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(IResource resource)
    {
        var lines = new List<string>();
        using var enough = new CancellationTokenSource(ReadTime, time);
        try
        {
            await foreach (var batch in logs.WatchAsync(resource).WithCancellation(enough.Token))
                lines.AddRange(batch.Select(x => TerminalCode().Replace(x.Content, "")));
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // What it wrote until now is what there is.
        }

        // What it wrote on its two streams comes one after the other, each line with its time before it.
        return [.. lines.OrderBy(x => TimeBefore().Match(x).Value, StringComparer.Ordinal).Select(x => TimeBefore().Replace(x, ""))];
    }

    /// <summary>Colours and the like, which a program writes for a terminal.</summary>
    [GeneratedRegex(@"\x1B\[[0-9;?]*[ -/]*[@-~]")]
    private static partial Regex TerminalCode();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT[\d:.]+Z ?")]
    private static partial Regex TimeBefore();
}
