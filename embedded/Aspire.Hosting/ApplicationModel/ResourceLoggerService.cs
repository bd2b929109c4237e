using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A line of a resource's log.</summary>
/// <param name="LineNumber">Counts from 1.</param>
/// <param name="Content">The text.</param>
/// <param name="IsErrorMessage">Whether it came from standard error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Keeps the last lines of every resource's log, and passes new ones on.</summary>
public class ResourceLoggerService
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A logger that writes to a resource's log.</summary>
    public ILogger GetLogger(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return LogOf(resource.Name);
    }

    /// <summary>A logger that writes to a resource's log.</summary>
    public ILogger GetLogger(string resourceName) => LogOf(resourceName);

    /// <summary>The last lines, then every new one. Replicas share their resource's log.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => LogOf(resourceName).Watch();

    /// <summary>The last lines, then every new one.</summary>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return WatchAsync(resource.Name);
    }

    internal void Write(string resourceName, string line, bool isError) => LogOf(resourceName).Write(line, isError);

    private ResourceLog LogOf(string resourceName) => _logs.GetOrAdd(resourceName, _ => new ResourceLog());

    private sealed class ResourceLog : ILogger
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
                var line = new LogLine(++_count, text, isError);
                _lines.Enqueue(line);
                if (_lines.Count > Capacity)
                    _lines.Dequeue();
                foreach (var watcher in _watchers)
                    watcher.Writer.TryWrite(line);
            }
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

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull =>
            null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Write(string.Create(CultureInfo.InvariantCulture, $"[host] {logLevel}: {formatter(state, exception)}{(exception is null ? "" : $" {exception.Message}")}"),
                logLevel >= LogLevel.Error);
    }
}
