using System.Collections.Concurrent;
using System.Text;
using Aspire.Hosting.ApplicationModel;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>Keeps each resource's last log lines, for the message of a failing test.</summary>
internal sealed class ResourceLogs : IAsyncDisposable
{
    private const int Lines = 25;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> _lines = new();
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
                text.AppendLine(line);
        }

        return text.ToString();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_watching);
        _stop.Dispose();
    }

    private async Task Watch(ResourceLoggerService logger, string resource)
    {
        var last = _lines.GetOrAdd(resource, _ => new ConcurrentQueue<string>());
        try
        {
            await foreach (var batch in logger.WatchAsync(resource).WithCancellation(_stop.Token))
            {
                foreach (var line in batch)
                {
                    last.Enqueue(line.Content);
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
}
