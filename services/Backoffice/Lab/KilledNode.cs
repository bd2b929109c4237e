using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Backoffice.Lab;

/// <summary>Of a cluster's nodes one is killed.</summary>
internal sealed class KilledNode : Experiment
{
    private const int Orders = 20;
    private string _node = "";
    private StockRow _before = null!;

    public override Description About { get; } = new(
        "killed-node", "A killed node", Hops.SeveralNodes,
        "One of three broker nodes is killed while orders come in. The majority goes on without it, all orders complete, and the node catches up when it is back.",
        new Explanation(
            "A message of a quorum queue is confirmed when most of its members have written it to disk, so one node more or less loses nothing. Where a leader was lost the other members choose a new one, and the services connect to a node that is there.",
            "quorum-queues", "ANodeFails.When_the_node_that_leads_the_most_queues_is_killed_every_order_completes",
            new CodePlace("AppHost/Breaking/Faults/KilledProcess.cs", "process.Kill(entireProcessTree: true);"),
            new CodePlace("Servers/Local/RabbitMQCluster.cs", "cluster_partition_handling = pause_minority")),
        Seconds: 60);

    public override IReadOnlyList<string> Outboxes => [ServiceNames.Orders];

    public override string? Lacks(SystemShape system) => system.LacksCluster;

    public override IReadOnlyList<Step> Steps =>
    [
        new($"Place {Orders} orders, and kill a node meanwhile", "Orders: place orders, paid at once. kill -9 of a node's process: its id is in .data/NODE/NODE@localhost.pid.", 90, async (lab, token) =>
        {
            _before = await lab.StockAsync(1_000, token);
            _node = (await lab.System.ShapeAsync(token)).Nodes[^1].Name;
            for (var i = 0; i < Orders; i++)
            {
                Trial.Must("Pay an order", await lab.PayAsync(await lab.PlaceAsync(token), token));
                if (i == Orders / 2)
                    await lab.BreakAsync("killed", _node, token);
            }

            lab.Note("Killed", _node);
        }),
        new("See them all complete without it", "Orders: they are Completed.", 150, async (lab, token) =>
        {
            foreach (var order in lab.Orders)
                await lab.ReachesAsync(order, "Completed", token);
            await lab.ClaimStockAsync(_before, sold: Orders, token);
        }),
        new("Start it again", "The Aspire dashboard: start the node.", 120, async (lab, token) =>
        {
            await lab.MendAsync("killed", _node, token);
            await lab.NodesRunAsync(token);
        }),
    ];
}
