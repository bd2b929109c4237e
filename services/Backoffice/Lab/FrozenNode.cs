using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Backoffice.Lab;

/// <summary>Of a cluster's nodes one hangs, with its connections open.</summary>
internal sealed class FrozenNode : Experiment
{
    private const int Orders = 20;
    private string _node = "";
    private StockRow _before = null!;

    public override Description About { get; } = new(
        "frozen-node", "A frozen node", Hops.SeveralNodes,
        "One of three broker nodes hangs with its connections open. The two others are a majority: all orders complete meanwhile, and the node goes on with the others.",
        new Explanation(
            "A connection whose heartbeats stay out is given up, and what was not confirmed on it is sent again elsewhere. The other nodes count the silent one as gone after some seconds, and go on as a majority.",
            "partitions", "ANodeFails.When_a_node_is_frozen_for_30_seconds_every_order_completes",
            new CodePlace("AppHost/Breaking/Faults/FrozenProcess.cs", "SignalAsync(\"STOP\""),
            new CodePlace("Servers/Local/RabbitMQCluster.cs", "net_ticktime = 10")),
        Seconds: 70);

    public override IReadOnlyList<string> Outboxes => [ServiceNames.Orders];

    public override string? Lacks(SystemShape system) => system.LacksCluster;

    public override IReadOnlyList<Step> Steps =>
    [
        new("Freeze a node", "kill -STOP of a node's process: its id is in .data/NODE/NODE@localhost.pid.", 60, async (lab, token) =>
        {
            _before = await lab.StockAsync(1_000, token);
            _node = (await lab.System.ShapeAsync(token)).Nodes[^1].Name;
            await lab.BreakAsync("frozen", _node, token);
            lab.Note("Frozen", _node);
        }),
        new($"Place {Orders} orders, and see them all complete", "Orders: place orders, paid at once. Flow: the outbox may wait for some seconds.", 180, async (lab, token) =>
        {
            for (var i = 0; i < Orders; i++)
                Trial.Must("Pay an order", await lab.PayAsync(await lab.PlaceAsync(token), token));
            foreach (var order in lab.Orders)
                await lab.ReachesAsync(order, "Completed", token);
            await lab.ClaimStockAsync(_before, sold: Orders, token);
        }),
        new("Let it go on", "kill -CONT of the same process.", 120, async (lab, token) =>
        {
            await lab.MendAsync("frozen", _node, token);
            await lab.NodesRunAsync(token);
        }),
    ];
}
