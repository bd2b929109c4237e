using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

[Collection(BrokenSystemCollection.Name)]
public sealed class TheDatabaseIsAway(OrderSystem system)
{
    private const int Orders = 200;

    [Fact]
    public Task When_it_is_stopped_for_20_seconds_in_the_middle_every_order_still_ends_and_the_stock_balances() =>
        system.OrdersSurvive(Orders, async () =>
        {
            await system.Stop("postgres");
            await Task.Delay(TimeSpan.FromSeconds(20));
            await system.Start("postgres");
        });
}
