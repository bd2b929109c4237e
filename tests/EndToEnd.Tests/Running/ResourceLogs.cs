using System.Collections.Concurrent;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>Keeps each resource's last log lines, for the message of a failing test.</summary>
internal sealed class ResourceLogs : IAsyncDisposable
{
    private const int Lines = 25;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Line>> _lines = new();
    private readonly Task[] _watching;

    public ResourceLogs(ResourceLoggerService logger, string[] resources) =>
        _watching = [.. resources.Select(resource => Watch(logger, resource))];

    public string LastLines()
    {
        var text = new StringBuilder();
        foreach (var (resource, lines) in _lines.OrderBy(x => x.Key, StringComparer.Ordinal))
        {
            text.AppendLine().Append("--- ").Append(resource).AppendLine(" ---");
            foreach (var line in lines)
                text.AppendLine(line.Text);
        }

        return text.ToString();
    }

    /// <summary>Of a resource's last lines, those that came after a moment.</summary>
    public string LinesSince(string resource, DateTimeOffset moment) =>
        string.Join(Environment.NewLine, _lines[resource].Where(x => x.At >= moment).Select(x => x.Text));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_watching);
        _stop.Dispose();
    }

    private async Task Watch(ResourceLoggerService logger, string resource)
    {
        var last = _lines.GetOrAdd(resource, _ => new ConcurrentQueue<Line>());
        try
        {
            await foreach (var batch in logger.WatchAsync(resource).WithCancellation(_stop.Token))
            {
                foreach (var line in batch)
                {
                    last.Enqueue(new Line(DateTimeOffset.UtcNow, line.Content));
                    if (last.Count > Lines)
                        last.TryDequeue(out _);
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The tests are over.
        }
    }

    private sealed record Line(DateTimeOffset At, string Text);
}
