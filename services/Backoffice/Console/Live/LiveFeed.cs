using System.Data.Common;
using System.Diagnostics;

namespace OrderSample.Backoffice.Console.Live;

/// <summary>
/// Live data of one kind for all open pages: reads it again and again while somebody looks, once for all who look at the
/// same, and calls them back. A source that can't be reached is said to be so; the data from before stays, also for a page that is opened then.
/// </summary>
/// <remarks>
/// A new kind: <c>builder.Services.AddLiveFeed&lt;TKey, T&gt;(source, interval, read)</c>. A page inherits <see cref="LiveComponent"/>, injects
/// the feed, calls <c>Watch(feed, key)</c> in OnInitialized (again with another key when what it shows changes), and renders
/// <see cref="LiveView{T}.Value"/> and <see cref="LiveView{T}.Problem"/>. What is read must be bounded: a page of rows, not all.
/// </remarks>
/// <typeparam name="TKey">What exactly is looked at: a filter, an id; <see cref="Everything"/> when there is only one.</typeparam>
/// <typeparam name="T">The data.</typeparam>
/// <param name="source">What the data of a key comes from, for people: <c>order-service</c>.</param>
/// <param name="interval">Time between two reads: what a person sees change at once need not be more often than some 500 ms.</param>
/// <param name="read">Reads it, with the services of a scope of its own.</param>
/// <param name="scopes">Where the scopes come from.</param>
/// <param name="outages">Since when sources can't be reached.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">Told when the source goes away and comes back.</param>
public sealed class LiveFeed<TKey, T>(
    Func<TKey, string> source, TimeSpan interval, Func<IServiceProvider, TKey, CancellationToken, Task<T>> read, IServiceScopeFactory scopes,
    SourceOutages outages, TimeProvider time, ILogger logger)
    where TKey : notnull
    where T : class
{
    /// <summary>Of so many things that nobody looks at any more the last data is kept. Few: some of it is whole messages.</summary>
    private const int MaxKept = 20;

    private readonly Lock _gate = new();
    private readonly Dictionary<TKey, Topic> _topics = [];
    private readonly OrderedDictionary<TKey, Known> _kept = [];

    /// <summary>Begins to look.</summary>
    /// <param name="key">At what.</param>
    /// <param name="changed">Called, on any thread, when there is something new.</param>
    /// <returns>The data; to be disposed of when nobody looks any more.</returns>
    public LiveView<T> Watch(TKey key, Action changed)
    {
        lock (_gate)
        {
            if (!_topics.TryGetValue(key, out var topic))
            {
                _topics[key] = topic = new Topic { Known = _kept.GetValueOrDefault(key) };
                topic.Reading = ReadAsync(key, topic);
            }

            topic.Watchers.Add(changed);
            return new LiveView<T>(() => topic.State, () => topic.Wake(), () => Leave(key, topic, changed));
        }
    }

    private void Leave(TKey key, Topic topic, Action changed)
    {
        lock (_gate)
        {
            topic.Watchers.Remove(changed);
            if (topic.Watchers.Count == 0 && _topics.GetValueOrDefault(key) == topic)
            {
                _topics.Remove(key);
                topic.Stop();
                Keep(key, topic.Known);
            }
        }
    }

    private void Keep(TKey key, Known? known)
    {
        if (known is null)
            return;
        _kept.Remove(key);
        _kept.Add(key, known);
        if (_kept.Count > MaxKept)
            _kept.RemoveAt(0);
    }

    private async Task ReadAsync(TKey key, Topic topic)
    {
        // Not in the page's own flow, whose trace would grow for as long as the page is open.
        await Task.Yield();
        Activity.Current = null;
        try
        {
            while (true)
            {
                topic.State = await NextAsync(key, topic);
                Action[] watchers;
                lock (_gate)
                    watchers = [.. topic.Watchers];
                foreach (var changed in watchers)
                    changed();
                await topic.NextAsync(interval);
            }
        }
        catch (OperationCanceledException) when (topic.Stopping.IsCancellationRequested)
        {
            // Nobody looks any more.
        }
        finally
        {
            topic.Dispose();
        }
    }

    private async Task<LiveState<T>> NextAsync(TKey key, Topic topic)
    {
        var (last, cancellationToken) = (topic.State, topic.Stopping);
        try
        {
            await using var scope = scopes.CreateAsyncScope();
            var value = await read(scope.ServiceProvider, key, cancellationToken);
            if (last.Problem is not null)
                logger.LogInformation("{Source} can be reached again", source(key));
            outages.Answered(source(key));
            topic.Known = new Known(value, time.GetUtcNow());
            return new LiveState<T>(value, null);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested
            && exception is HttpRequestException or OperationCanceledException or DbException or InvalidOperationException or IOException or System.Text.Json.JsonException)
        {
            if (last.Problem is null)
                logger.LogWarning(exception, "{Source} can't be reached; trying again", source(key));
            var since = outages.Failed(source(key));
            return new LiveState<T>(topic.Known?.Value, new LiveProblem(source(key), last.Problem?.Since ?? since, Reason(exception), topic.Known?.At));
        }
    }

    private static string Reason(Exception exception) =>
        exception is OperationCanceledException ? "No answer in time." : exception.GetBaseException().Message;

    /// <summary>What was read last, and when.</summary>
    private sealed record Known(T Value, DateTimeOffset At);

    /// <summary>One thing that somebody looks at.</summary>
    private sealed class Topic : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly SemaphoreSlim _wake = new(0, 1);

        public List<Action> Watchers { get; } = [];

        public LiveState<T> State { get; set; } = new(null, null);

        /// <summary>Shown when nothing newer can be read.</summary>
        public Known? Known { get; set; }

        public Task? Reading { get; set; }

        public CancellationToken Stopping => _stop.Token;

        public void Stop() => _stop.Cancel();

        /// <summary>Has it read now.</summary>
        public void Wake()
        {
            lock (_wake)
            {
                if (_wake.CurrentCount == 0)
                    _wake.Release();
            }
        }

        public void Dispose()
        {
            _stop.Dispose();
            _wake.Dispose();
        }

        public Task<bool> NextAsync(TimeSpan interval) => _wake.WaitAsync(interval, Stopping);
    }
}
