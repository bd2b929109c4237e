namespace OrderSample.ServiceDefaults.Chaos;

/// <summary>Breaks this process on purpose, as it was last told to. Other replicas have a switch of their own.</summary>
/// <param name="settings">What it starts with.</param>
internal sealed class ChaosSwitch(ChaosSettings settings) : IDisposable
{
    private readonly Lock _lock = new();
    private CancellationTokenSource _changed = new();

    /// <summary>What is in force.</summary>
    public ChaosSettings Settings { get; private set; } = settings;

    /// <summary>Puts other settings in force, and ends all delays that are under way.</summary>
    public void Set(ChaosSettings settings)
    {
        CancellationTokenSource before;
        lock (_lock)
        {
            (before, _changed) = (_changed, new CancellationTokenSource());
            Settings = settings;
        }

        before.Cancel();
        before.Dispose();
    }

    /// <summary>Waits for the delay that is in force; less long when it is changed or one of the tokens is cancelled.</summary>
    public async Task DelayAsync(TimeProvider time, CancellationToken abandoned, CancellationToken stopping)
    {
        CancellationTokenSource over;
        TimeSpan delay;
        lock (_lock)
        {
            delay = TimeSpan.FromMilliseconds(Settings.DelayMs);
            over = CancellationTokenSource.CreateLinkedTokenSource(_changed.Token, abandoned, stopping);
        }

        using (over)
            await Task.Delay(delay, time, over.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => _changed.Dispose();
}
