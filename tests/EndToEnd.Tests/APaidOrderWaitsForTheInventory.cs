using System.Net;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

[Collection(SystemCollection.Name)]
public sealed class APaidOrderWaitsForTheInventory(OrderSystem system)
{
    private const int Orders = 10;

    [Fact]
    public async Task When_the_inventory_goes_down_after_the_payment_the_orders_complete_once_it_is_back_without_a_person()
    {
        var sku = await system.Inventory.NewProduct(onHand: 100);
        var placed = await Task.WhenAll(Enumerable.Range(0, Orders).Select(_ => system.Orders.Place(Sample.Order(sku, quantity: 2))));
        await Task.WhenAll(placed.Select(order => system.Orders.Reaches(order.OrderId, "AwaitingPayment")));

        await system.Kill("inventory-service");
        try
        {
            foreach (var order in placed)
            {
                using var payment = await system.Orders.Pay(order.OrderId, order.Total);
                Assert.Equal(HttpStatusCode.Accepted, payment.StatusCode);
            }

            await Task.WhenAll(placed.Select(order => system.Orders.Reaches(order.OrderId, "Confirming")));
        }
        finally
        {
            await system.Start("inventory-service");
        }

        await Task.WhenAll(placed.Select(order => system.Orders.Reaches(order.OrderId, "Completed")));
        await system.Inventory.MustBalance(sku, onHandBefore: 100, completedQuantity: Orders * 2);
        await Task.WhenAll(placed.Select(order => system.Notifications.MustBe(order.OrderId, "OrderReserved", "OrderCompleted")));
    }
}
