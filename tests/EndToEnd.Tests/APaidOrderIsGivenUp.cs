using System.Net;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

[Collection(ImpatientSystemCollection.Name)]
public sealed class APaidOrderIsGivenUp(ImpatientSystem system)
{
    [Fact]
    public async Task When_the_inventory_is_down_for_too_long_the_payment_goes_back_once_and_the_order_is_parked_until_the_stock_is_released()
    {
        var sku = await system.Inventory.NewProduct(onHand: 10);
        var order = await system.Orders.Place(Sample.Order(sku, quantity: 3));
        // On a busy machine its stock may have been asked for twice.
        var before = Resends(await system.Orders.Reaches(order.OrderId, "AwaitingPayment"));

        await system.Kill("inventory-service");
        try
        {
            using (var payment = await system.Orders.Pay(order.OrderId, order.Total))
                Assert.Equal(HttpStatusCode.Accepted, payment.StatusCode);

            var parked = await system.Orders.Reaches(order.OrderId, "NeedsAttention");
            Assert.Contains("did not confirm", parked.Reason, StringComparison.Ordinal);
            Assert.Equal(before + ImpatientSystem.MaxResends, Resends(parked));
            await system.Notifications.MustBe(order.OrderId, "OrderReserved", "PaymentRefunded");
        }
        finally
        {
            await system.Start("inventory-service");
        }

        // It finds the commands to commit, all of them, and the one to release: nothing may leave the shelf for an order whose money is back.
        await system.Orders.EndsAs(order.OrderId, "Cancelled");
        await system.Inventory.MustBalance(sku, onHandBefore: 10, completedQuantity: 0);
        await system.Notifications.MustBe(order.OrderId, "OrderReserved", "PaymentRefunded", "OrderCancelled");
        Assert.Equal("Released", (await system.Inventory.Reservation(order.OrderId)).Status);
        Assert.Equal(1, await system.Refunds(order.OrderId));
    }

    private static int Resends(OrderView order) => order.Timeline.Count(x => x.Event == "Resent");
}
