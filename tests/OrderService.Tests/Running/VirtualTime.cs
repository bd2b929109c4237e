namespace OrderSample.OrderService.Tests.Running;

/// <summary>A clock that stands still until it is moved. What becomes due by that happens then and there, on whoever moves it.</summary>
public sealed class VirtualTime : TimeProvider
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan RealStep = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    private readonly Lock _lock = new();
    private readonly List<Timer> _timers = [];
    private DateTimeOffset _now = DateTimeOffset.UtcNow;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
            return _now;
    }

    public override long GetTimestamp() => GetUtcNow().Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan by)
    {
        List<Timer> due;
        lock (_lock)
        {
            _now += by;
            due = [.. _timers.Where(timer => timer.IsDue(_now))];
        }

        foreach (var timer in due)
            timer.Fire();
    }

    public void AdvanceTo(DateTimeOffset moment)
    {
        if (moment > GetUtcNow())
            Advance(moment - GetUtcNow());
    }

    /// <summary>Lets time go by, a little faster than real time, until <paramref name="read"/> gives what is <paramref name="wanted"/>.</summary>
    public async Task<T> Until<T>(string what, Func<Task<T>> read, Predicate<T> wanted)
    {
        using var timer = new PeriodicTimer(RealStep);
        using var timeout = new CancellationTokenSource(Deadline);
        var value = await read();
        try
        {
            while (!wanted(value))
            {
                await timer.WaitForNextTickAsync(timeout.Token);
                Advance(Step);
                value = await read();
            }
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"Waited for {what}, but got: {value}");
        }

        return value;
    }

    private sealed class Timer(VirtualTime time, Action callback) : ITimer
    {
        private DateTimeOffset? _due;
        private TimeSpan _period = Timeout.InfiniteTimeSpan;

        public bool IsDue(DateTimeOffset now) => _due <= now;

        public void Fire()
        {
            lock (time._lock)
                _due = _period > TimeSpan.Zero ? time._now + _period : null;
            callback();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                (_due, _period) = (dueTime == Timeout.InfiniteTimeSpan ? null : time._now + dueTime, period);
                if (!time._timers.Contains(this))
                    time._timers.Add(this);
            }

            if (dueTime == TimeSpan.Zero)
                Fire();
            return true;
        }

        public void Dispose()
        {
            lock (time._lock)
                time._timers.Remove(this);
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
