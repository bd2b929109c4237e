using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OrderSample.Backoffice.Console.Live;

namespace OrderSample.Services.Tests.Backoffice;

/// <summary>What the console's pages can rely on when they look at live data.</summary>
public sealed class Live_feeds : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly SourceOutages _outages = new(TimeProvider.System);
    private readonly ServiceProvider _services = new ServiceCollection().BuildServiceProvider();
    private readonly Channel<string> _changes = Channel.CreateUnbounded<string>();
    private readonly ConcurrentQueue<string> _keys = new();
    private int _reads;
    private volatile bool _isAway;

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Of_a_source_that_goes_away_the_last_data_stay_and_it_is_said_since_when()
    {
        var feed = Feed();
        using var view = feed.Watch("a", Changed);
        await Until(() => view.Value is not null && view.Problem is null);
        var last = view.Value;

        _isAway = true;
        await Until(() => view.Problem is not null);
        var since = view.Problem!.Since;
        last = view.Value;
        await Until(() => _reads > 5);
        Assert.Equal((last, since, "the source", "gone"), (view.Value, view.Problem!.Since, view.Problem.Source, view.Problem.Text));

        _isAway = false;
        await Until(() => view.Problem is null && view.Value != last);
    }

    [Fact]
    public async Task Who_begins_to_look_when_the_source_is_away_sees_what_was_known_and_since_when_others_miss_it()
    {
        var (feed, ofOthers) = (Feed(), Feed());
        var before = feed.Watch("a", Changed);
        await Until(() => before.Value is not null);
        before.Dispose();
        _isAway = true;
        using var other = ofOthers.Watch("b", Changed);
        await Until(() => other.Problem is not null);
        Assert.Null(other.Problem!.AsOf);

        using var view = feed.Watch("a", Changed);
        await Until(() => view.Problem is not null);

        Assert.StartsWith("a ", view.Value, StringComparison.Ordinal);
        Assert.True(view.Problem!.AsOf <= view.Problem.Since, "It was read before the source went away.");
        Assert.Equal(other.Problem.Since, view.Problem.Since);
    }

    [Fact]
    public async Task Two_who_look_at_the_same_cause_one_read_and_who_looks_at_something_else_another()
    {
        var feed = Feed(interval: TimeSpan.FromHours(1));
        using var one = feed.Watch("a", Changed);
        using var two = feed.Watch("a", Changed);
        await Until(() => one.Value is not null && two.Value is not null);
        Assert.Equal((1, "a 1"), (_reads, two.Value));

        using var other = feed.Watch("b", Changed);
        await Until(() => other.Value is not null);
        Assert.Equal((2, "b 2", "a 1"), (_reads, other.Value, one.Value));

        one.Refresh();
        await Until(() => one.Value == "a 3" && two.Value == "a 3");
    }

    [Fact]
    public async Task When_nobody_looks_any_more_nothing_is_read()
    {
        var feed = Feed();
        var view = feed.Watch("a", Changed);
        await Until(() => _reads > 1);
        view.Dispose();
        var afterwards = feed.Watch("b", Changed);
        await Until(() => afterwards.Value is not null);
        afterwards.Dispose();

        using var later = feed.Watch("c", Changed);
        await Until(() => later.Value is not null);
        var before = _keys.Count(key => key == "a");
        await Until(() => _keys.Count(key => key == "c") > 5);
        Assert.Equal(before, _keys.Count(key => key == "a"));
    }

    private LiveFeed<string, string> Feed(TimeSpan? interval = null) => new(_ => "the source", interval ?? TimeSpan.FromMilliseconds(5), (_, key, _) =>
    {
        _keys.Enqueue(key);
        var number = Interlocked.Increment(ref _reads);
        return _isAway ? throw new HttpRequestException("gone") : Task.FromResult($"{key} {number}");
    }, _services.GetRequiredService<IServiceScopeFactory>(), _outages, TimeProvider.System, NullLogger.Instance);

    private void Changed() => _changes.Writer.TryWrite("");

    /// <summary>Looks again with every change.</summary>
    private async Task Until(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        while (!condition())
            await _changes.Reader.ReadAsync(timeout.Token);
    }
}
