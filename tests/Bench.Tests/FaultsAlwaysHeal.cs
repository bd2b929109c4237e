using OrderSample.Nemesis.Faults;
using OrderSample.Nemesis.Recording;
using OrderSample.Nemesis.Scheduling;

namespace OrderSample.Bench.Tests;

/// <summary>A fault that stayed would be taken for one of the system's.</summary>
public sealed class FaultsAlwaysHeal : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    /// <summary>Seconds: a machine that is busy for shorter than that leaves none out.</summary>
    private const double Enough = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("ordersample-").FullName;
    private readonly History _history;
    private readonly List<string> _done = [];

    public FaultsAlwaysHeal() => _history = new History(Path.Combine(_folder, "history.jsonl"));

    public void Dispose()
    {
        _history.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task When_one_can_not_begin_what_it_left_is_healed_and_the_next_one_begins()
    {
        var lines = await Run([Planned(1, "broken", At: 0, Length: 60), Planned(2, "good", At: 0.1, Length: Enough)], CancellationToken.None);

        Assert.Equal(["begin broken", "heal broken", "begin good", "heal good"], _done);
        Assert.Equal("did not begin as planned: no", lines[0].Problem);
        Assert.All(lines, line => Assert.NotNull(line.End));
    }

    [Fact]
    public async Task When_one_can_not_be_healed_it_is_tried_again()
    {
        await Run([Planned(1, "stubborn", At: 0, Length: Enough)], CancellationToken.None);

        Assert.Equal(["begin stubborn", "heal stubborn", "heal stubborn"], _done);
    }

    [Fact]
    public async Task When_the_run_is_stopped_what_is_broken_is_healed_at_once_and_nothing_more_begins()
    {
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(Enough / 2));
        await Run([Planned(1, "good", At: 0, Length: 3600), Planned(2, "good", At: 1800, Length: 1)], stop.Token);

        Assert.Equal(["begin good", "heal good"], _done);
    }

    [Fact]
    public async Task When_one_can_not_be_healed_at_all_the_run_ends_and_the_others_are_healed()
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Run([Planned(1, "good", At: 0, Length: 3600), Planned(2, "incurable", At: 0, Length: 0.1)], CancellationToken.None));

        Assert.Equal("The fault 2 incurable target at 0.0 s for 0.1 s could not be healed: never", failure.Message);
        Assert.Equal("heal good", _done[^1]);
        _history.Dispose();
        Assert.Contains(History.Read(_history.File).OfType<FaultLine>(), x => x.Problem == "could not be healed, so the run ends: never");
    }

    [Fact]
    public async Task When_the_same_place_is_still_healing_the_next_one_waits_and_one_that_is_too_late_is_left_out()
    {
        var lines = await Run([Planned(1, "slow", At: 0, Length: Enough), Planned(2, "slow", At: Enough, Length: 0.2), Planned(3, "slow", At: Enough + 0.1, Length: 60)], CancellationToken.None,
            stopAfter: 2 * Enough);

        Assert.Null(lines[1].Begin);
        Assert.StartsWith("left out", lines[1].Problem, StringComparison.Ordinal);
        Assert.True(lines[2].Begin >= lines[0].End);
    }

    private static PlannedFault Planned(int number, string kind, double At, double Length) => new(number, kind, "target", TimeSpan.FromSeconds(At), TimeSpan.FromSeconds(Length));

    private async Task<IReadOnlyList<FaultLine>> Run(IReadOnlyList<PlannedFault> schedule, CancellationToken cancellationToken, double? stopAfter = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (stopAfter is { } seconds)
            stop.CancelAfter(TimeSpan.FromSeconds(seconds));
        FaultKind[] kinds =
        [
            Kind("good", () => Task.CompletedTask, _ => Task.CompletedTask),
            Kind("broken", () => throw new InvalidOperationException("no"), _ => Task.CompletedTask),
            Kind("stubborn", () => Task.CompletedTask, times => times > 1 ? Task.CompletedTask : throw new InvalidOperationException("not yet")),
            Kind("incurable", () => Task.CompletedTask, _ => throw new InvalidOperationException("never")),
            Kind("slow", () => Task.CompletedTask, _ => Task.Delay(TimeSpan.FromSeconds(1))),
        ];
        return await new FaultRunner(null!, kinds, _history, Patience).Run(schedule, stop.Token).WaitAsync(Deadline);
    }

    private FaultKind Kind(string name, Func<Task> begin, Func<int, Task> heal) =>
        new(name, "", _ => ["target"], (_, _) => new Scripted(name, begin, heal, _done));

    private sealed class Scripted(string name, Func<Task> begin, Func<int, Task> heal, List<string> done) : Fault
    {
        private int _heals;

        public override Task Begin(CancellationToken cancellationToken)
        {
            lock (done)
                done.Add($"begin {name}");
            return begin();
        }

        public override Task Heal(CancellationToken cancellationToken)
        {
            lock (done)
                done.Add($"heal {name}");
            return heal(++_heals);
        }
    }
}
