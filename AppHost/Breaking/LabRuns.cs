using System.Text.Json;

namespace OrderSample.AppHost.Breaking;

/// <summary>What the console says of a run of an experiment.</summary>
/// <param name="IsActive">Whether it goes on.</param>
/// <param name="Summary">What a list shows of it.</param>
/// <param name="Run">All of it.</param>
internal sealed record RunReport(bool IsActive, JsonElement Summary, JsonElement Run);

/// <summary>What a run is told by whoever looks at it.</summary>
/// <param name="Cancel">Whether it is to end.</param>
/// <param name="Next">How often somebody said that the next step may begin.</param>
internal sealed record RunSignals(bool Cancel, int Next);

/// <summary>A run that is kept.</summary>
/// <param name="Report">What the console said of it last.</param>
/// <param name="IsAbandoned">Whether it was not heard of any more before it had ended.</param>
/// <param name="Signals">What it is told.</param>
internal sealed record KeptRun(RunReport Report, bool IsAbandoned, RunSignals Signals);

/// <summary>
/// The runs of the Lab's experiments, for all replicas of the console: one goes on at a time, because they break what all share, and
/// the last ones are kept to be looked at. A run that is not heard of any more has lost its console, and has to be cleaned up after.
/// </summary>
internal sealed class LabRuns(TimeProvider time)
{
    /// <summary>So many runs are kept.</summary>
    public const int MaxKept = 50;

    /// <summary>So long a run may be silent. The console reports every half second.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Lock _gate = new();
    private readonly OrderedDictionary<Guid, KeptRun> _runs = [];
    private Guid? _active;
    private long _heard;

    /// <summary>The run that goes on.</summary>
    public Guid? Active
    {
        get
        {
            lock (_gate)
                return _active;
        }
    }

    /// <summary>The run that goes on, if it has been silent for too long.</summary>
    public Guid? Silent
    {
        get
        {
            lock (_gate)
                return _active is not null && time.GetElapsedTime(_heard) > Patience ? _active : null;
        }
    }

    /// <summary>All that are kept, newest first.</summary>
    public IReadOnlyList<KeyValuePair<Guid, KeptRun>> All
    {
        get
        {
            lock (_gate)
                return [.. _runs.Reverse()];
        }
    }

    public KeptRun? Find(Guid id)
    {
        lock (_gate)
            return _runs.GetValueOrDefault(id);
    }

    /// <summary>Takes note of how a run stands. The first report of one begins it.</summary>
    /// <returns>What it is told; null when another one goes on, so that this one can't.</returns>
    public RunSignals? Keep(Guid id, RunReport report)
    {
        lock (_gate)
        {
            if (_active is { } active && active != id)
                return null;
            var before = _runs.GetValueOrDefault(id);
            // It comes back after what it broke was put back without it.
            if (before?.IsAbandoned == true)
                return new RunSignals(Cancel: true, before.Signals.Next);
            _runs[id] = new KeptRun(report, IsAbandoned: false, before?.Signals ?? new RunSignals(Cancel: false, Next: 0));
            if (_runs.Count > MaxKept)
                _runs.RemoveAt(0);
            _active = report.IsActive ? id : null;
            _heard = time.GetTimestamp();
            return _runs[id].Signals;
        }
    }

    /// <summary>Tells a run something.</summary>
    /// <returns>Whether it goes on, and so hears it.</returns>
    public bool Signal(Guid id, Func<RunSignals, RunSignals> signal)
    {
        lock (_gate)
        {
            if (_active != id)
                return false;
            _runs[id] = _runs[id] with { Signals = signal(_runs[id].Signals) };
            return true;
        }
    }

    /// <summary>Gives a run up that is not heard of any more.</summary>
    public void Abandon(Guid id)
    {
        lock (_gate)
        {
            if (_active != id)
                return;
            _runs[id] = _runs[id] with { IsAbandoned = true };
            _active = null;
        }
    }
}
