namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>How the steps of a run stand. One goes on at a time; the last one puts back what the others broke.</summary>
/// <param name="steps">The experiment's own.</param>
/// <param name="time">The clock.</param>
internal sealed class TrialSteps(IReadOnlyList<Step> steps, TimeProvider time)
{
    /// <summary>How long the look at the system before the first step may take, in seconds.</summary>
    public const int LookSeconds = 30;

    /// <summary>How long it may take to put everything back, in seconds: a server starts in this time, and the services after it.</summary>
    public const int PutBackSeconds = 150;

    private readonly Lock _gate = new();

    private readonly StepProgress[] _all =
    [
        new("Look whether everything runs", "Chaos: all is Running, and Normal.", StepStatus.Waiting, LookSeconds),
        .. steps.Select(step => new StepProgress(step.Title, step.ByHand, StepStatus.Waiting, step.DeadlineSeconds)),
        PutBackStep,
    ];

    private int _now;

    /// <summary>The last one, before it has begun.</summary>
    public static StepProgress PutBackStep { get; } = new(
        "Put everything back", "Chaos: start what is stopped, and restore each service. Orders: cancel what is still open.", StepStatus.Waiting, PutBackSeconds);

    /// <summary>The number of the step that puts back.</summary>
    public int PutBack => _all.Length - 1;

    /// <summary>All but the last, and the last.</summary>
    public (IReadOnlyList<StepProgress> Steps, StepProgress PutBack) Read()
    {
        lock (_gate)
            return ([.. _all[..PutBack]], _all[PutBack]);
    }

    /// <summary>Begins a step.</summary>
    public void Begin(int number)
    {
        lock (_gate)
        {
            _now = number;
            _all[number] = _all[number] with { Status = StepStatus.Running, StartedAt = time.GetUtcNow(), WaitsFor = _all[number].Title };
        }
    }

    /// <summary>Ends the step that goes on.</summary>
    /// <param name="problem">Why it failed; null when it is done.</param>
    public void End(string? problem)
    {
        lock (_gate)
        {
            var step = _all[_now] with { Status = problem is null ? StepStatus.Done : StepStatus.Failed, EndedAt = time.GetUtcNow(), Problem = problem };
            _all[_now] = problem is null ? step with { WaitsFor = null, Seen = null } : step;
        }
    }

    /// <summary>Says that those which have not begun will not.</summary>
    public void SkipRest()
    {
        lock (_gate)
        {
            for (var i = 0; i < PutBack; i++)
                _all[i] = _all[i].Status == StepStatus.Waiting ? _all[i] with { Status = StepStatus.Skipped } : _all[i];
        }
    }

    /// <summary>Says what the step that goes on waits for.</summary>
    public void WaitFor(string what) => Change(step => step with { WaitsFor = what, Seen = null });

    /// <summary>Says what was seen last of that.</summary>
    public void See(string seen) => Change(step => step with { Seen = seen });

    /// <summary>What the step that goes on waits for, and what was seen of it, for people.</summary>
    public string Waiting()
    {
        lock (_gate)
            return $"Waited for {_all[_now].WaitsFor}; seen last: {_all[_now].Seen ?? "nothing"}.";
    }

    private void Change(Func<StepProgress, StepProgress> change)
    {
        lock (_gate)
            _all[_now] = change(_all[_now]);
    }
}
