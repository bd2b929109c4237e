using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

[Collection(ImpatientSystemCollection.Name)]
public sealed class TheInventoryNeverAnswers(ImpatientSystem system)
{
    private const int Orders = 5;

    [Fact]
    public async Task When_it_takes_ten_minutes_for_each_command_the_orders_are_asked_for_again_and_given_up_and_nothing_is_held_once_it_is_back()
    {
        var sku = await system.Inventory.NewProduct(onHand: 100);
        await using var chaos = new Chaos(system, "inventory-service");
        await chaos.Set(new { delayMs = 600_000 });
        var placed = await Task.WhenAll(Enumerable.Range(0, Orders).Select(_ => system.Orders.Place(Sample.Order(sku, quantity: 2))));

        // Asked for the stock, then for its release, each so many times again.
        var parked = await Task.WhenAll(placed.Select(order => system.Orders.Reaches(order.OrderId, "NeedsAttention")));
        Assert.All(parked, order => Assert.Equal(2 * ImpatientSystem.MaxResends, order.Timeline.Count(x => x.Event == "Resent")));
        Assert.All(parked, order => Assert.Contains(order.Timeline, x => x.Detail?.Contains("did not answer in time", StringComparison.Ordinal) == true));
        Assert.Equal(0, (await system.Inventory.Get(sku)).Reserved);
        await chaos.Off();

        await Task.WhenAll(placed.Select(order => system.Orders.EndsAs(order.OrderId, "Cancelled")));
        await system.Inventory.MustBalance(sku, onHandBefore: 100, completedQuantity: 0);
        foreach (var order in placed)
        {
            Assert.Equal("Released", (await system.Inventory.Reservation(order.OrderId)).Status);
            await system.Notifications.MustBe(order.OrderId, "OrderCancelled");
        }
    }
}
