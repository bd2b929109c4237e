using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Aspire.Hosting.Orchestration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line of a resource's log.</summary>
/// <param name="LineNumber">Counts from 1.</param>
/// <param name="Content">The text.</param>
/// <param name="IsErrorMessage">Whether it came from standard error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage)
{
    /// <summary>When it came, UTC.</summary>
    internal DateTime TimeStamp { get; init; }
}

/// <summary>Keeps the last lines of every resource's log, and of each of its replicas' own, and passes new ones on.</summary>
/// <param name="time">The clock.</param>
public class ResourceLoggerService(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A logger that writes to a resource's log.</summary>
    public ILogger GetLogger(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new HostLogger((line, isError) => Write(resource, line, isError));
    }

    /// <summary>A logger that writes to one log.</summary>
    /// <param name="resourceName">The resource's name, or a replica's id.</param>
    public ILogger GetLogger(string resourceName) => new HostLogger(LogOf(resourceName).Write);

    /// <summary>The last lines, then every new one.</summary>
    /// <param name="resourceName">The resource's name, for all of its replicas, or the id of one.</param>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => LogOf(resourceName).Watch();

    /// <summary>The last lines, then every new one.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return WatchAsync(resource.Name);
    }

    /// <summary>The last lines.</summary>
    internal IReadOnlyList<LogLine> GetAll(string resourceName) => LogOf(resourceName).GetAll();

    /// <summary>A line that concerns all replicas.</summary>
    internal void Write(IResource resource, string line, bool isError)
    {
        foreach (var name in resource.GetResourceIds().Append(resource.Name).Distinct())
            LogOf(name).Write(line, isError);
    }

    /// <summary>A line of one replica.</summary>
    internal void Write(ResourceInstance instance, string line, bool isError)
    {
        LogOf(instance.Resource.Name).Write(line, isError);
        LogOf(instance.Id).Write(line, isError);
    }

    private ResourceLog LogOf(string resourceName) => _logs.GetOrAdd(resourceName, _ => new ResourceLog(time));

    private sealed class ResourceLog(TimeProvider time)
    {
        /// <summary>Lines kept of each resource.</summary>
        private const int Capacity = 1000;

        private readonly Lock _lock = new();
        private readonly Queue<LogLine> _lines = new();
        private readonly List<Channel<LogLine>> _watchers = [];
        private int _count;

        public void Write(string text, bool isError)
        {
            lock (_lock)
            {
                var line = new LogLine(++_count, text, isError) { TimeStamp = time.GetUtcNow().UtcDateTime };
                _lines.Enqueue(line);
                if (_lines.Count > Capacity)
                    _lines.Dequeue();
                foreach (var watcher in _watchers)
                    watcher.Writer.TryWrite(line);
            }
        }

        public IReadOnlyList<LogLine> GetAll()
        {
            lock (_lock)
                return [.. _lines];
        }

        public async IAsyncEnumerable<IReadOnlyList<LogLine>> Watch([EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            // A reader that does not keep up loses the oldest lines rather than the host its memory.
            var news = Channel.CreateBounded<LogLine>(new BoundedChannelOptions(Capacity) { FullMode = BoundedChannelFullMode.DropOldest });
            lock (_lock)
            {
                foreach (var line in _lines)
                    news.Writer.TryWrite(line);
                _watchers.Add(news);
            }

            try
            {
                while (await news.Reader.WaitToReadAsync(cancellationToken))
                {
                    var batch = new List<LogLine>();
                    while (news.Reader.TryRead(out var line))
                        batch.Add(line);
                    yield return batch;
                }
            }
            finally
            {
                lock (_lock)
                    _watchers.Remove(news);
            }
        }

    }

    private sealed class HostLogger(Action<string, bool> write) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull =>
            null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            write(string.Create(CultureInfo.InvariantCulture, $"[host] {logLevel}: {formatter(state, exception)}{(exception is null ? "" : $" {exception.Message}")}"),
                logLevel >= LogLevel.Error);
    }
}
