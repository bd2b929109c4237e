using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OrderSample.Cluster.Tests.Running;

namespace OrderSample.Cluster.Tests;

[Collection(ClusterCollection.Name)]
public sealed class TheMajorityIsAway(ClusterSystem system)
{
    /// <summary>
    /// The node that is left stops serving: what it took, no majority would have. So nothing is confirmed, and every message
    /// stays in the outbox until the others are back.
    /// </summary>
    [Fact]
    public async Task When_two_of_three_nodes_are_down_orders_are_accepted_up_to_the_limit_and_all_complete_when_they_are_back()
    {
        await using var ledger = await MessageLedger.Open(system);
        var sku = await system.Inventory.NewProduct(SteadyOrders.OnHand);
        var left = await system.NodeThatLeadsMost();
        string[] killed = [.. ClusterSystem.Nodes.Where(node => node != left)];
        await Task.WhenAll(killed.Select(system.Kill));

        var accepted = await AcceptedUntilRefused(sku);
        Assert.InRange(accepted.Count, ClusterSystem.MaxOutboxMessages, ClusterSystem.MaxOutboxMessages * 4);
        // What was refused left no trace, and of what was accepted no message has gone.
        Assert.Equal(accepted.Count, await system.SqlValue<long>("orders-db", """SELECT count(*) FROM "Orders" WHERE "Lines"::text LIKE '%' || $1 || '%' """, sku));
        Assert.Equal(accepted.Count, await system.SqlValue<long>("orders-db", """
            SELECT count(DISTINCT "Body"::jsonb->'message'->>'orderId') FROM "OutboxMessage"
            WHERE "Body"::jsonb #>> '{messageType,0}' LIKE '%:OrderSubmitted' AND ("Body"::jsonb->'message'->>'orderId')::uuid = ANY($1)
            """, accepted.ToArray()));

        // It is nobody's fault: the service says what is so, and no message has used up a try.
        await system.Eventually("the order service to be degraded", token => system.Orders.Http.GetStringAsync(new Uri("/health/ready", UriKind.Relative), token), health => health.Contains("\"outbox\":\"Degraded\"", StringComparison.Ordinal));
        Assert.NotNull((await system.Orders.Http.GetFromJsonAsync<JsonObject>("/outbox"))!["paused"]);
        Assert.Equal(0, await system.SqlValue<int>("orders-db", """SELECT max("Attempts") FROM "OutboxMessage" """));

        await Task.WhenAll(killed.Select(system.Start));
        await system.MustComplete(accepted, accepted.Count);
        await system.Inventory.MustBalance(sku, SteadyOrders.OnHand, completedQuantity: accepted.Count * 2);
        await system.MustHaveBeenToldOnce([.. accepted]);
        await ledger.MustAccountForAll();
        await system.IsWhole();
    }

    private async Task<ConcurrentBag<Guid>> AcceptedUntilRefused(string sku)
    {
        var accepted = new ConcurrentBag<Guid>();
        var refused = false;
        await Parallel.ForEachAsync(Enumerable.Range(0, 5_000), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, cancellationToken) =>
        {
            if (Volatile.Read(ref refused))
                return;
            var orderId = Guid.NewGuid();
            using var response = await system.Orders.Post(Sample.Order(sku, quantity: 2, orderId));
            if (response.StatusCode == HttpStatusCode.Accepted)
            {
                accepted.Add(orderId);
                return;
            }

            Assert.True(response.StatusCode == HttpStatusCode.TooManyRequests, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
            Assert.NotNull(response.Headers.RetryAfter);
            Volatile.Write(ref refused, true);
        });
        Assert.True(refused, "Orders were accepted without end.");
        return accepted;
    }
}
