using OrderSample.Nemesis.Faults;
using OrderSample.Nemesis.Running;
using Xunit.Abstractions;

namespace OrderSample.Bench.Tests;

/// <summary>Two minutes of ./bench/run.sh nemesis, always the same two.</summary>
[Trait("Category", "Servers")]
public sealed class TheSystemSurvivesTheNemesis(ITestOutputHelper output)
{
    private const int Seed = 7;
    private const int OrdersPerSecond = 5;

    /// <summary>Beside the tests' assembly, where the history of a run that failed can be read.</summary>
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "nemesis");

    [Fact]
    public async Task When_things_break_at_random_two_at_a_time_no_rule_is_violated()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(12));
        var options = new NemesisOptions(Seed, TimeSpan.FromMinutes(2), OrdersPerSecond, new SystemShape(Nodes: 1), FaultKinds.All, Folder);

        var verdict = await NemesisRun.Run(options, deadline.Token);

        output.WriteLine(verdict.ToString());
        Assert.True(verdict.Violations.Count == 0, verdict.ToString());
    }
}
