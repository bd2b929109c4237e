using System.Text.RegularExpressions;

namespace OrderSample.AppHost.Starting;

/// <summary>What resources have written to their streams until now.</summary>
internal sealed partial class ResourceLog(ResourceLoggerService logs, TimeProvider time)
{
    /// <summary>Aspire's engine answers at once. Nobody waits for one that does not.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The lines in the order of their time, without it and without colours.</summary>
    public async Task<IReadOnlyList<string>> ReadAsync(IResource resource)
    {
        try
        {
            var lines = await ReadAllAsync(resource).WaitAsync(Patience, time);
            // What it wrote on its two streams comes one after the other, each line with its time before it.
            return [.. lines.OrderBy(x => TimeBefore().Match(x).Value, StringComparer.Ordinal).Select(x => TimeBefore().Replace(x, ""))];
        }
        catch (Exception exception)
        {
            return [$"The log of {resource.Name} can't be read: {exception.Message}"];
        }
    }

    /// <summary>To its end: a log that is watched has none, and of several replicas Aspire can't be told to stop watching.</summary>
    private async Task<List<string>> ReadAllAsync(IResource resource)
    {
        var lines = new List<string>();
        await foreach (var batch in logs.GetAllAsync(resource))
            lines.AddRange(batch.Select(x => TerminalCode().Replace(x.Content, "")));
        return lines;
    }

    /// <summary>Colours and the like, which a program writes for a terminal.</summary>
    [GeneratedRegex(@"\x1B\[[0-9;?]*[ -/]*[@-~]")]
    private static partial Regex TerminalCode();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT[\d:.]+Z ?")]
    private static partial Regex TimeBefore();
}
