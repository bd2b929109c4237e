using System.Diagnostics;
using OrderSample.Bench;
using OrderSample.Nemesis.Faults;
using OrderSample.Nemesis.Recording;
using OrderSample.Nemesis.Running;

namespace OrderSample.Nemesis.Scheduling;

/// <summary>Has each fault of a schedule begin and end at its time. Whatever happens, each that has begun is healed.</summary>
/// <param name="victim">What is broken.</param>
/// <param name="kinds">The kinds that a schedule names.</param>
/// <param name="history">Where it is written down.</param>
/// <param name="patience">How long a fault is tried to be healed; null for five minutes.</param>
internal sealed class FaultRunner(Victim victim, IReadOnlyList<FaultKind> kinds, History history, TimeSpan? patience = null)
{
    private static readonly TimeSpan BeginTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan TryTimeout = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly TimeSpan _patience = patience ?? TimeSpan.FromMinutes(5);

    /// <summary>Runs a schedule to its end; a token that is cancelled has what is broken healed at once, and so has a fault that can't be healed.</summary>
    /// <param name="schedule">By their beginning.</param>
    /// <param name="cancellationToken">Ends the schedule.</param>
    /// <returns>What really happened.</returns>
    /// <exception cref="InvalidOperationException">Something could not be healed.</exception>
    public async Task<IReadOnlyList<FaultLine>> Run(IReadOnlyList<PlannedFault> schedule, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var begin = Stopwatch.GetTimestamp();
        var running = new List<(FaultKind Kind, string Target, Task<FaultLine> Task)>();
        foreach (var fault in schedule)
        {
            var kind = kinds.Single(x => x.Name == fault.Kind);
            // On a slow machine one may still be healing when the next one is to begin there.
            var before = Task.WhenAll(running.Where(x => Conflicts.Between((x.Kind, x.Target), (kind, fault.Target))).Select(x => x.Task));
            running.Add((kind, fault.Target, Run(fault, kind, before, begin, stop)));
        }

        return await Task.WhenAll(running.Select(x => x.Task));
    }

    private async Task<FaultLine> Run(PlannedFault planned, FaultKind kind, Task before, long begin, CancellationTokenSource stop)
    {
        var cancellationToken = stop.Token;
        var line = new FaultLine(planned.Number, planned.Kind, planned.Target);
        await Until(planned.At, begin, cancellationToken);
        await before;
        if (cancellationToken.IsCancellationRequested)
            return line;
        if (Stopwatch.GetElapsedTime(begin) > planned.End)
            return Tell(line with { Problem = "left out: what was broken before was not healed in time" });

        var fault = kind.Make(victim, planned.Target);
        line = Tell(line with { Begin = DateTimeOffset.UtcNow });
        try
        {
            using var timeout = new CancellationTokenSource(BeginTimeout);
            await fault.Begin(timeout.Token);
            await Until(planned.End, begin, cancellationToken);
        }
        catch (Exception exception)
        {
            // Half of it may have happened; that is healed, and the run goes on.
            line = line with { Problem = $"did not begin as planned: {exception.Message}" };
        }

        try
        {
            await Heal(fault, planned);
        }
        catch (Exception exception)
        {
            Tell(line with { Problem = $"could not be healed, so the run ends: {exception.Message}" });
            await stop.CancelAsync();
            throw new InvalidOperationException($"The fault {planned} could not be healed: {exception.Message}", exception);
        }

        return Tell(line with { End = DateTimeOffset.UtcNow });
    }

    /// <summary>Again and again: another fault may be in its way.</summary>
    private async Task Heal(Fault fault, PlannedFault planned)
    {
        for (var begin = Stopwatch.GetTimestamp(); ;)
        {
            using var timeout = new CancellationTokenSource(TryTimeout);
            try
            {
                await fault.Heal(timeout.Token);
                return;
            }
            catch (Exception exception) when (Stopwatch.GetElapsedTime(begin) < _patience)
            {
                Progress.Say($"fault {planned} is not healed yet: {exception.Message}");
            }

            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private static async Task Until(TimeSpan moment, long begin, CancellationToken cancellationToken)
    {
        var early = moment - Stopwatch.GetElapsedTime(begin);
        if (early > TimeSpan.Zero)
            await Task.Delay(early, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private FaultLine Tell(FaultLine line)
    {
        history.Write(line);
        Progress.Say(line.ToString());
        return line;
    }
}
