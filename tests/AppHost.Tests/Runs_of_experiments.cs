using System.Text.Json;
using Microsoft.Extensions.Time.Testing;
using OrderSample.AppHost.Breaking;

namespace OrderSample.AppHost.Tests;

/// <summary>One run at a time, over all consoles; one that falls silent is given up.</summary>
public sealed class Runs_of_experiments
{
    private static readonly RunReport Going = new(IsActive: true, JsonElement.Parse("1"), JsonElement.Parse("2"));
    private static readonly RunReport Ended = Going with { IsActive = false };
    private readonly FakeTimeProvider _time = new();
    private readonly LabRuns _runs;
    private readonly Guid _one = Guid.NewGuid();
    private readonly Guid _other = Guid.NewGuid();

    public Runs_of_experiments() => _runs = new LabRuns(_time);

    [Fact]
    public void While_one_goes_on_no_other_begins()
    {
        Assert.NotNull(_runs.Keep(_one, Going));
        Assert.Null(_runs.Keep(_other, Going));
        Assert.Null(_runs.Find(_other));

        Assert.NotNull(_runs.Keep(_one, Ended));
        Assert.NotNull(_runs.Keep(_other, Going));
        Assert.Equal(_other, _runs.Active);
    }

    [Fact]
    public void What_somebody_tells_a_run_is_in_the_answer_to_its_next_report()
    {
        _runs.Keep(_one, Going);
        Assert.True(_runs.Signal(_one, signals => signals with { Next = signals.Next + 1 }));
        Assert.True(_runs.Signal(_one, signals => signals with { Cancel = true }));
        Assert.Equal(new RunSignals(Cancel: true, Next: 1), _runs.Keep(_one, Going));

        _runs.Keep(_one, Ended);
        Assert.False(_runs.Signal(_one, signals => signals with { Cancel = true }));
        Assert.False(_runs.Signal(_other, signals => signals));
    }

    [Fact]
    public void One_that_is_silent_for_too_long_is_given_up_and_told_so_when_it_comes_back()
    {
        _runs.Keep(_one, Going);
        _time.Advance(LabRuns.Patience);
        Assert.Null(_runs.Silent);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(_one, _runs.Silent);
        // What it broke is being put back: no other may break anything meanwhile.
        Assert.Null(_runs.Keep(_other, Going));

        _runs.Abandon(_one);

        Assert.Null(_runs.Silent);
        Assert.True(_runs.Find(_one)!.IsAbandoned);
        Assert.True(_runs.Keep(_one, Going)!.Cancel);
        Assert.NotNull(_runs.Keep(_other, Going));
    }

    [Fact]
    public void One_that_has_ended_may_be_silent()
    {
        _runs.Keep(_one, Going);
        _runs.Keep(_one, Ended);
        _time.Advance(LabRuns.Patience * 2);
        Assert.Null(_runs.Silent);
    }

    [Fact]
    public void The_last_ones_are_kept_newest_first()
    {
        var ids = Enumerable.Range(0, LabRuns.MaxKept + 5).Select(_ => Guid.NewGuid()).ToList();
        foreach (var id in ids)
            _runs.Keep(id, Ended);

        Assert.Equal(ids.AsEnumerable().Reverse().Take(LabRuns.MaxKept), _runs.All.Select(run => run.Key));
    }

    [Theory]
    [InlineData("", null, "http://localhost:5100/")]
    [InlineData("poison-message", "poison-message", "http://localhost:5100/")]
    [InlineData("--data x --data y never-paid --url=http://localhost:6100", "never-paid", "http://localhost:6100/")]
    public void The_command_s_arguments(string arguments, string? name, string url)
    {
        var read = LabArguments.Read(arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))!;
        Assert.Equal((name, url), (read.Name, read.Url.ToString()));
        Assert.EndsWith("app-host.key", read.KeyFile, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("one two")]
    [InlineData("--url")]
    [InlineData("--url nowhere")]
    [InlineData("--help")]
    public void Arguments_that_make_no_sense(string arguments) => Assert.Null(LabArguments.Read(arguments.Split(' ')));
}
