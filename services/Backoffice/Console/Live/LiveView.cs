namespace OrderSample.Backoffice.Console.Live;

/// <summary>A page's look at a feed.</summary>
/// <typeparam name="T">The data.</typeparam>
public sealed class LiveView<T> : IDisposable
    where T : class
{
    private readonly Func<LiveState<T>> _state;
    private readonly Action _refresh;
    private Action? _leave;

    internal LiveView(Func<LiveState<T>> state, Action refresh, Action leave) => (_state, _refresh, _leave) = (state, refresh, leave);

    /// <summary>Both at one moment.</summary>
    public LiveState<T> State => _state();

    /// <summary>What was read last; null while the first read is on its way, or has failed.</summary>
    public T? Value => _state().Value;

    /// <summary>Why it may be old; null when it isn't.</summary>
    public LiveProblem? Problem => _state().Problem;

    /// <summary>Whether nothing has come yet, not even a failure.</summary>
    public bool IsLoading => _state() is { Value: null, Problem: null };

    /// <summary>Has it read at once, for example after something was done that changes it.</summary>
    public void Refresh()
    {
        if (_leave is not null)
            _refresh();
    }

    /// <summary>Ends the look; the feed stops reading with the last one.</summary>
    public void Dispose()
    {
        _leave?.Invoke();
        _leave = null;
    }
}
