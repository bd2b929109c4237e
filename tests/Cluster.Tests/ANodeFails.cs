using OrderSample.Cluster.Tests.Running;
using Xunit.Abstractions;

namespace OrderSample.Cluster.Tests;

/// <summary>A broker of three nodes loses one, in the ways in which that happens, in the middle of 500 orders.</summary>
public abstract class ANodeFails(ClusterSystem system, ITestOutputHelper output)
{
    private const int Orders = 500;
    private static readonly TimeSpan Freeze = TimeSpan.FromSeconds(30);

    [Fact]
    public Task When_the_node_that_leads_the_most_queues_is_killed_every_order_completes() =>
        system.SteadyOrdersSurvive(output, Orders, pace: TimeSpan.FromMilliseconds(40), async () =>
        {
            var leader = await system.NodeThatLeadsMost();
            await system.Kill(leader);
            await system.Start(leader);
            await system.IsWhole();
        });

    [Fact]
    public Task When_each_node_is_restarted_in_turn_every_order_completes() =>
        system.SteadyOrdersSurvive(output, Orders, pace: TimeSpan.FromMilliseconds(80), async () =>
        {
            foreach (var node in ClusterSystem.Nodes)
            {
                await system.Stop(node);
                await system.Start(node);
                await system.IsWhole();
            }
        });

    [Fact]
    public Task When_a_node_is_frozen_for_30_seconds_every_order_completes() =>
        system.SteadyOrdersSurvive(output, Orders, pace: TimeSpan.FromMilliseconds(80), async () =>
        {
            var node = await system.NodeThatLeadsMost();
            await using (await system.Freeze(node))
                await Task.Delay(Freeze);
            await system.IsWholeAgain(node);
        });
}

/// <summary>The services have the addresses of all three nodes.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ANodeFailsAmongThree(ClusterSystem system, ITestOutputHelper output) : ANodeFails(system, output);

/// <summary>The services have one address, of HAProxy.</summary>
[Collection(ProxiedClusterCollection.Name)]
public sealed class ANodeFailsBehindHAProxy(ProxiedClusterSystem system, ITestOutputHelper output) : ANodeFails(system, output);
