using OrderSample.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace OrderSample.EndToEnd.Tests;

[Collection(BrokenSystemCollection.Name)]
public sealed class NothingIsLostWhenSomethingBreaks(OrderSystem system, ITestOutputHelper output)
{
    private const int Orders = 200;
    private const int OnHand = 10_000;

    [Fact]
    public async Task When_the_inventory_is_stopped_orders_are_accepted_and_complete_once_it_is_back()
    {
        var sku = await system.Inventory.NewProduct(OnHand);
        await system.Stop("inventory-service");

        var placed = new List<PlacedOrder>();
        for (var i = 0; i < 10; i++)
            placed.Add(await system.Orders.Place(Sample.Order(sku, quantity: 2)));

        await system.Start("inventory-service");
        var ended = await system.PayAndEndAll([.. placed.Select(order => order.OrderId)], placed.Count);
        Assert.All(ended.Values, status => Assert.Equal("Completed", status));
        await system.Inventory.MustBalance(sku, OnHand, completedQuantity: 10 * 2);
    }

    [Theory]
    [InlineData("order-service")]
    [InlineData("inventory-service")]
    [InlineData("notification-service")]
    public Task When_a_service_is_killed_in_the_middle_every_order_still_ends_and_the_stock_balances(string service) =>
        system.OrdersSurvive(Orders, async () =>
        {
            await system.Kill(service);
            await system.Start(service);
        });

    [Fact]
    public Task When_the_broker_is_stopped_and_started_in_the_middle_every_order_still_ends_and_the_stock_balances() =>
        system.OrdersSurvive(Orders, async () =>
        {
            await system.Stop("rabbitmq");
            await system.Start("rabbitmq");
        });

    /// <summary>A moment is a number of accepted orders. The seed is in the test's output: given to <c>Random</c> it has the same services killed at the same numbers.</summary>
    [Fact]
    public async Task When_each_service_is_killed_at_random_moments_every_order_still_ends_and_no_message_is_unaccounted_for()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string[] victims = ["order-service", "inventory-service", "notification-service"];
        random.Shuffle(victims);
        int[] moments = [.. victims.Select(_ => random.Next(1, 500)).Order()];

        await system.OrdersSurvive(500, async accepted =>
        {
            foreach (var (victim, moment) in victims.Zip(moments))
            {
                await accepted.Reaches(moment);
                output.WriteLine($"{victim} killed after {moment} accepted orders");
                await system.Kill(victim);
                await system.Start(victim);
            }
        });
    }

    /// <summary>A lock that the test holds keeps the consumer in the middle of its transaction until the process is killed.</summary>
    [Fact]
    public async Task When_a_consumer_is_killed_five_times_in_the_middle_of_the_same_message_the_sixth_attempt_does_it_once()
    {
        var sku = await system.Inventory.NewProduct(10);
        PlacedOrder placed;
        await using (await system.LockRow("inventory-db", """SELECT 1 FROM "Products" WHERE "Sku" = $1 FOR UPDATE""", sku))
        {
            placed = await system.Orders.Place(Sample.Order(sku, quantity: 2));
            var killedAt = DateTime.UnixEpoch;
            for (var kill = 1; kill <= 5; kill++)
            {
                // For seconds the database lets a killed one wait on: it looks every two whether its client is there.
                await system.Eventually($"attempt {kill} to wait for the lock", _ => system.SqlValue<long>("inventory-db",
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND backend_start > $1", killedAt), waiting => waiting > 0);
                await system.Kill("inventory-service");
                killedAt = await system.SqlValue<DateTime>("inventory-db", "SELECT clock_timestamp()");
                await system.Start("inventory-service");
            }
        }

        var order = await system.PayAndEnd(placed);
        Assert.Equal("Completed", order.Status);
        await system.Inventory.MustBalance(sku, 10, completedQuantity: 2);
    }
}
