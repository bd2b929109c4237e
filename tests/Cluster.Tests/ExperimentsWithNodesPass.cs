using System.Diagnostics;
using OrderSample.Cluster.Tests.Running;
using Xunit.Abstractions;

namespace OrderSample.Cluster.Tests;

/// <summary>The Lab's experiments that need a broker of several nodes.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ExperimentsWithNodesPass(ClusterSystem system, ITestOutputHelper output)
{
    private readonly LabApi _lab = new(system);

    [Theory]
    [InlineData("killed-node")]
    [InlineData("frozen-node")]
    public async Task When_it_is_run_what_it_believes_is_seen_and_all_nodes_run_again(string experiment)
    {
        var clock = Stopwatch.StartNew();
        await _lab.Passes(experiment);

        output.WriteLine($"Measured: the experiment {experiment} takes {clock.Elapsed.TotalSeconds:0.0} s");
        await system.IsWhole();
    }

    [Fact]
    public async Task One_that_stops_the_whole_broker_says_that_it_is_not_for_a_cluster() =>
        Assert.Contains("start the system without --cluster", (await _lab.Experiments())["broker-away"], StringComparison.Ordinal);
}
