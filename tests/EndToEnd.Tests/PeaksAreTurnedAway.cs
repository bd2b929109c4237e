using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

[Collection(SystemCollection.Name)]
public sealed class PeaksAreTurnedAway(OrderSystem system)
{
    private const int Offered = 5_000;
    private const int AtOnce = 32;

    /// <summary>Long enough for some thousand orders on a busy machine.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(8);

    /// <summary>The fixture's limit is 1,000 orders on their way.</summary>
    [Fact]
    public async Task When_5000_orders_come_at_once_some_are_told_to_wait_and_every_accepted_one_ends()
    {
        var sku = await system.Inventory.NewProduct(1_000_000);
        var answers = new ConcurrentDictionary<HttpStatusCode, int>();
        var accepted = new ConcurrentBag<Guid>();
        await Parallel.ForEachAsync(Enumerable.Range(0, Offered), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (_, cancellationToken) =>
        {
            var orderId = Guid.NewGuid();
            using var response = await system.Orders.Post(Sample.Order(sku, orderId: orderId));
            answers.AddOrUpdate(response.StatusCode, 1, (_, count) => count + 1);
            if (response.StatusCode == HttpStatusCode.Accepted)
                accepted.Add(orderId);
            else
                Assert.True(response.Headers.RetryAfter is not null, $"{response.StatusCode} without Retry-After: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        });

        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.TooManyRequests], answers.Keys.Order());
        // What was refused left no trace, and what was accepted is all there is.
        Assert.Equal(accepted.Count, await system.SqlValue<long>("orders-db", """SELECT count(*) FROM "Orders" WHERE "Lines"::text LIKE '%' || $1 || '%' """, sku));

        // None is paid: each waits for its payment, and is cancelled in the end.
        await system.Eventually("all accepted orders to end", async _ => await system.SqlValue<long>("orders-db",
            """SELECT count(*) FROM "OrderStates" WHERE "Lines"::text LIKE '%' || $1 || '%' AND "CurrentState" = 'Cancelled' """, sku),
            ended => ended == accepted.Count, deadline: Settled);
        await system.Inventory.MustBalance(sku, 1_000_000, completedQuantity: 0);
    }

    [Fact]
    public async Task When_a_batch_is_more_than_there_is_room_for_all_of_it_is_refused()
    {
        var sku = await system.Inventory.NewProduct(10_000);
        HttpStatusCode last;
        var stored = 0;
        var tries = 0;
        do
        {
            var orders = Enumerable.Range(0, 500).Select(_ => Sample.Order(sku)).ToArray();
            using var response = await system.Orders.Http.PostAsJsonAsync("/orders/batch", new { orders });
            last = response.StatusCode;
            stored += last == HttpStatusCode.Accepted ? orders.Length : 0;
        }
        while (last == HttpStatusCode.Accepted && ++tries < 20);

        Assert.Equal(HttpStatusCode.TooManyRequests, last);
        Assert.Equal(stored, await system.SqlValue<long>("orders-db", """SELECT count(*) FROM "Orders" WHERE "Lines"::text LIKE '%' || $1 || '%' """, sku));
        await system.Eventually("all accepted orders to end", async _ => await system.SqlValue<long>("orders-db",
            """SELECT count(*) FROM "OrderStates" WHERE "Lines"::text LIKE '%' || $1 || '%' AND "CurrentState" = 'Cancelled' """, sku),
            ended => ended == stored, deadline: Settled);
    }
}
