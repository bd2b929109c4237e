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
public sealed class ANodeFailsAmongThree(ClusterSystem system, ITestOutputHelper output) : ANodeFails(system, output)
{
    private readonly ClusterSystem _system = system;

    /// <summary>
    /// RabbitMQ 3.10 refuses what comes for a queue on a channel that met the queue before it had another leader, until the node is back: what is refused has
    /// to go another way.
    /// </summary>
    [Fact]
    public async Task When_a_connection_s_first_message_is_for_a_queue_whose_node_was_just_killed_it_arrives_without_that_node()
    {
        const string queue = "order-saga";
        await _system.IsWhole();
        var sku = await _system.Inventory.NewProduct(SteadyOrders.OnHand);
        await _system.CutConnections("order-service");
        await _system.IsConsumed(queue);
        var node = (await _system.Queues()).Single(x => x.Name == queue).Leader!.Split('@')[0];

        var killing = Task.Run(() => _system.KillAtOnce(node));
        try
        {
            var order = await _system.PlaceUntilAccepted(sku);
            await killing;
            await _system.Orders.Reaches(order.OrderId, "AwaitingPayment");
        }
        finally
        {
            await _system.HasEnded(node);
            await _system.Start(node);
        }

        await _system.IsWhole();
    }
}

/// <summary>The services have one address, of HAProxy.</summary>
[Collection(ProxiedClusterCollection.Name)]
public sealed class ANodeFailsBehindHAProxy(ProxiedClusterSystem system, ITestOutputHelper output) : ANodeFails(system, output);
