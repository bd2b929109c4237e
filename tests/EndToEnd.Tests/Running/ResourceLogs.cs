using System.Collections.Concurrent;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>Keeps each resource's last log lines, for the message of a failing test.</summary>
internal sealed class ResourceLogs : IAsyncDisposable
{
    private const int Lines = 25;

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Line>> _lines = new();
    private readonly Action<string, string>? _each;
    private readonly Task _watching;

    /// <summary>Begins with the first resource that the application knows; it need not have been started.</summary>
    /// <param name="app">The application.</param>
    /// <param name="each">Is told of each line, with its resource.</param>
    public ResourceLogs(IServiceProvider app, Action<string, string>? each = null)
    {
        _each = each;
        _watching = WatchAll(app.GetRequiredService<ResourceNotificationService>(), app.GetRequiredService<ResourceLoggerService>());
    }

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
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAll(ResourceNotificationService notifications, ResourceLoggerService logger)
    {
        // Logs are kept by instance, which there is none of before the start.
        var instances = new Dictionary<string, Task>();
        try
        {
            await foreach (var change in notifications.WatchAsync(_stop.Token))
            {
                if (change is { Resource: IResourceWithArgs, Snapshot.IsHidden: false } && !instances.ContainsKey(change.ResourceId))
                    instances.Add(change.ResourceId, Watch(logger, change.ResourceId, change.Resource.Name));
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The tests are over.
        }

        await Task.WhenAll(instances.Values);
    }

    private async Task Watch(ResourceLoggerService logger, string instance, string resource)
    {
        var last = _lines.GetOrAdd(resource, _ => new ConcurrentQueue<Line>());
        try
        {
            await foreach (var batch in logger.WatchAsync(instance).WithCancellation(_stop.Token))
            {
                foreach (var line in batch)
                {
                    last.Enqueue(new Line(DateTimeOffset.UtcNow, line.Content));
                    _each?.Invoke(instance, line.Content);
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
