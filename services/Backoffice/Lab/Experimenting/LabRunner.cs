using System.Security.Claims;
using OrderSample.Backoffice.Auditing;
using OrderSample.Backoffice.SigningIn;

namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>What became of the wish to run an experiment.</summary>
/// <param name="Run">The run that has begun; null when none has.</param>
/// <param name="Problem">Why not.</param>
internal sealed record StartOutcome(LabRun? Run, string? Problem);

/// <summary>
/// Carries experiments out, in the background, whoever looks on. A run is on record from before its beginning to after its end, and
/// everything that it broke is put back when it ends, however it does.
/// </summary>
internal sealed class LabRunner(
    ExperimentCatalog catalog, ILabHost host, IDeedRecord record, IServiceScopeFactory scopes, IHostApplicationLifetime lifetime, TimeProvider time, ILogger<LabRunner> logger)
{
    /// <summary>How often the app host hears of a run, and the run of who looks on.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a run waits for a person to say that the next step may begin.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(10);

    /// <summary>Begins a run.</summary>
    /// <param name="name">The experiment; it must be known.</param>
    /// <param name="person">Who asks for it: an operator.</param>
    /// <param name="isStepwise">Whether somebody says when each step begins.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public async Task<StartOutcome> StartAsync(string name, ClaimsPrincipal person, bool isStepwise, CancellationToken cancellationToken)
    {
        if (!person.IsInRole(Roles.Operator))
            return new StartOutcome(null, "Only an operator may do this.");
        var experiment = catalog.Make(name);
        var system = new LabSystem(scopes, host);
        if (!host.IsThere)
            return new StartOutcome(null, "Experiments run where the app host runs the services in a demo. Here it does not.");
        if (experiment.Lacks(await system.ShapeAsync(cancellationToken)) is { } lack)
            return new StartOutcome(null, lack);

        var trial = new Trial(experiment, Roles.NameOf(person), isStepwise, system, time);
        var deed = new OperatorDeed("Ran an experiment", $"lab/{name}", null);
        var row = await record.BeginAsync(person, deed, cancellationToken);
        var first = await host.KeepAsync(trial.Snapshot(), cancellationToken);
        if (first.Problem is { } refusal)
        {
            await record.EndAsync(row, deed, refusal);
            return new StartOutcome(null, refusal);
        }

        _ = Task.Run(async () =>
        {
            await RunAsync(experiment, trial);
            var run = trial.Snapshot();
            await record.EndAsync(row, deed, run.Status == RunStatus.Passed ? OperatorLog.Done : $"{run.Status}. {run.Problem}");
        }, CancellationToken.None);
        return new StartOutcome(trial.Snapshot(), null);
    }

    private async Task RunAsync(Experiment experiment, Trial trial)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(lifetime.ApplicationStopping);
        using var over = new CancellationTokenSource();
        using var turn = new SemaphoreSlim(0);
        var others = Task.WhenAll(ReportAsync(trial, turn, stop, over.Token), new TrialObserver(trial, time).ObserveAsync(over.Token));
        var status = RunStatus.Passed;
        var problem = await CarryOutAsync(experiment, trial, turn, stop.Token);
        if (problem is not null)
            status = stop.IsCancellationRequested ? RunStatus.Cancelled : RunStatus.Failed;

        trial.Update(run => run with { Status = RunStatus.PuttingBack, Problem = problem, WaitsForPerson = false });
        trial.Steps.SkipRest();
        if (await StepAsync(trial, trial.Steps.PutBack, TrialSteps.PutBackSeconds, token => new PuttingBack(experiment, trial).DoAsync(token), CancellationToken.None) is { } left)
            (status, problem) = (RunStatus.Failed, $"{problem} Not put back: {left}".TrimStart());

        // What is seen after the last step belongs to it.
        await over.CancelAsync();
        await others;
        trial.Update(run => run with { Status = status, Problem = problem, EndedAt = time.GetUtcNow() });
        await host.KeepAsync(trial.Snapshot(), CancellationToken.None);
    }

    /// <summary>Carries the steps out, one after another.</summary>
    /// <returns>Why it ended too early; null when it did not.</returns>
    private async Task<string?> CarryOutAsync(Experiment experiment, Trial trial, SemaphoreSlim turn, CancellationToken cancellationToken)
    {
        // What somebody else has broken would spoil what is seen.
        var problem = await StepAsync(trial, 0, TrialSteps.LookSeconds, trial.IsWholeAsync, cancellationToken);
        for (var i = 0; i < experiment.Steps.Count && problem is null; i++)
        {
            var step = experiment.Steps[i];
            problem = await RestAsync(trial, turn, cancellationToken) ?? await StepAsync(trial, i + 1, step.DeadlineSeconds, token => step.Do(trial, token), cancellationToken);
        }

        return problem;
    }

    private static async Task<string?> RestAsync(Trial trial, SemaphoreSlim turn, CancellationToken cancellationToken)
    {
        if (!trial.Snapshot().IsStepwise)
            return null;
        trial.Update(run => run with { WaitsForPerson = true });
        try
        {
            return await turn.WaitAsync(LongestRest, cancellationToken) ? null : $"Nobody asked for the next step for {LongestRest.TotalMinutes:0} minutes.";
        }
        catch (OperationCanceledException)
        {
            return "Ended before its last step.";
        }
        finally
        {
            trial.Update(run => run with { WaitsForPerson = false });
        }
    }

    /// <returns>Why it failed; null when it is done.</returns>
    private async Task<string?> StepAsync(Trial trial, int number, int seconds, Func<CancellationToken, Task> act, CancellationToken cancellationToken)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(seconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellationToken);
        trial.Steps.Begin(number);
        var problem = await ProblemOfAsync(trial, seconds, act, either.Token, cancellationToken);
        trial.Steps.End(problem);
        return problem;
    }

    private async Task<string?> ProblemOfAsync(Trial trial, int seconds, Func<CancellationToken, Task> act, CancellationToken either, CancellationToken cancelled)
    {
        try
        {
            // A step may end in a call that does not look at its token.
            await act(either).WaitAsync(either);
            return null;
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            return cancelled.IsCancellationRequested ? "Ended in this step." : $"Not done within {seconds} s. {trial.Steps.Waiting()}";
        }
        catch (ExperimentFailedException exception)
        {
            return exception.Message;
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "A step of the experiment {Title} failed", trial.Snapshot().Title);
            return $"{exception.GetType().Name}: {exception.Message}";
        }
    }

    private async Task ReportAsync(Trial trial, SemaphoreSlim turn, CancellationTokenSource stop, CancellationToken over)
    {
        var turns = 0;
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(over))
            {
                // One that is not heard is made up for by the next: the app host is patient for some seconds.
                if ((await host.KeepAsync(trial.Snapshot(), over)).Value is not { } signals)
                    continue;
                if (signals.Cancel)
                    await stop.CancelAsync();
                if (signals.Next > turns)
                    turn.Release(signals.Next - turns);
                turns = signals.Next;
            }
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The run has ended.
        }
    }
}
