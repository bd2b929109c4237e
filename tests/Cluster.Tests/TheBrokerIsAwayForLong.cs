using System.Net;
using System.Net.Http.Json;
using OrderSample.Cluster.Tests.Running;

namespace OrderSample.Cluster.Tests;

/// <summary>
/// RabbitMQ.Client may lose the answers to what was in flight when the broker went away for longer than a minute (rabbitmq-dotnet-client's issue
/// 1930). Each service runs once, so that no replica does what another one has forgotten.
/// </summary>
[Collection(RoomyCollection.Name)]
public sealed class TheBrokerIsAwayForLong(RoomySystem system)
{
    private const int Orders = 5_000;
    private const int Batch = 500;
    private const int InFlight = 100;
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan Afterwards = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(5);
    private static readonly string[] Services = ["order-service", "inventory-service", "notification-service"];
    private static readonly string[] Databases = ["orders-db", "inventory-db", "notifications-db"];

    [Theory]
    [InlineData("stopped")]
    [InlineData("killed")]
    public async Task When_5000_orders_are_in_flight_every_process_delivers_all_of_it_within_a_minute_of_the_return(string how)
    {
        await using var ledger = await MessageLedger.Open(system);
        var sku = await system.Inventory.NewProduct(onHand: 10 * Orders);
        var processes = await Processes();
        var before = Place(sku, batches: 5);
        await system.Eventually($"{InFlight} orders to have gone all the way", _ => Waiting(sku), waiting => waiting >= InFlight);

        var meanwhile = Place(sku, batches: 4);
        await (how == "killed" ? system.Kill("rabbitmq") : system.Stop("rabbitmq"));
        long[] stored;
        try
        {
            await Task.WhenAll(before, meanwhile, Place(sku, batches: 1));
            await Task.Delay(Away);
            stored = await Task.WhenAll(Databases.Select(LastStored));
        }
        finally
        {
            await system.Start("rabbitmq");
        }

        Assert.True(stored[0] > 0, "Nothing waited for the broker.");
        await Task.WhenAll(Databases.Zip(stored, (database, last) => system.Eventually($"{database} to have nothing left of before the return",
            _ => system.SqlValue<long>(database, """SELECT count(*) FROM "OutboxMessage" WHERE "SchedulingTokenId" IS NULL AND "SequenceNumber" <= $1""", last),
            left => left == 0, deadline: Afterwards)));

        await system.Eventually($"all {Orders} orders to wait for payment", _ => Waiting(sku), waiting => waiting == Orders, deadline: Settled);
        await ledger.MustAccountForAll();
        Assert.Equal(processes, await Processes());
    }

    private Task Place(string sku, int batches) => Task.WhenAll(Enumerable.Range(0, batches).Select(_ => Place(sku)));

    private async Task Place(string sku)
    {
        var orders = Enumerable.Range(0, Batch).Select(_ => Sample.Order(sku, quantity: 2)).ToArray();
        using var response = await system.Orders.Http.PostAsJsonAsync("/orders/batch", new { orders });
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }

    private Task<long> Waiting(string sku) => system.SqlValue<long>("orders-db",
        """SELECT count(*) FROM "OrderStates" WHERE "CurrentState" = 'AwaitingPayment' AND "Lines"::text LIKE '%' || $1 || '%'""", sku);

    private Task<long> LastStored(string database) =>
        system.SqlValue<long>(database, """SELECT coalesce(max("SequenceNumber"), 0) FROM "OutboxMessage" WHERE "SchedulingTokenId" IS NULL""");

    private async Task<int[]> Processes() => await Task.WhenAll(Services.Select(service => system.ProcessId(service)));
}
