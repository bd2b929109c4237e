using OrderSample.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace OrderSample.EndToEnd.Tests;

[Collection(SystemCollection.Name)]
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
        var ended = await Task.WhenAll(placed.Select(system.PayAndEnd));
        Assert.All(ended, order => Assert.Equal("Completed", order.Status));
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

    [Fact]
    public Task When_the_database_is_stopped_for_20_seconds_in_the_middle_every_order_still_ends_and_the_stock_balances() =>
        system.OrdersSurvive(Orders, async () =>
        {
            await system.Stop("postgres");
            await Task.Delay(TimeSpan.FromSeconds(20));
            await system.Start("postgres");
        });

    /// <summary>The seed of a failure is in its message: give it to <c>Random</c> to have the same moments again.</summary>
    [Fact]
    public async Task When_each_service_is_killed_at_random_moments_every_order_still_ends_and_no_message_is_unaccounted_for()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string[] victims = ["order-service", "inventory-service", "notification-service"];
        random.Shuffle(victims);
        await using var ledger = await MessageLedger.Open(system);

        await system.OrdersSurvive(500, async () =>
        {
            foreach (var victim in victims)
            {
                await Task.Delay(random.Next(3_000));
                await system.Kill(victim);
                await system.Start(victim);
            }
        });

        await ledger.MustAccountForAll();
    }
}
