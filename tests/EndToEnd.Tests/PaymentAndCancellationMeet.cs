using System.Net;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

/// <summary>The customer pays in one window and cancels in another: one of the two wins, and everything follows it.</summary>
[Collection(SystemCollection.Name)]
public sealed class PaymentAndCancellationMeet(OrderSystem system)
{
    private const int Orders = 200;
    private const int OnHand = 1_000;
    private const int Quantity = 2;

    /// <summary>All of the orders have this long.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task When_200_orders_are_paid_and_cancelled_at_once_each_ends_in_one_of_the_two_with_stock_money_and_mails_to_match()
    {
        var sku = await system.Inventory.NewProduct(OnHand);
        using var atOnce = new SemaphoreSlim(16);

        var ended = await Task.WhenAll(Enumerable.Range(0, Orders).Select(async i =>
        {
            await atOnce.WaitAsync();
            PlacedOrder placed;
            try
            {
                placed = await system.Orders.Place(Sample.Order(sku, Quantity));
                // Half of them wait for the payment already, the others may still be waiting for their stock.
                if (i % 2 == 0)
                    await system.Orders.Reaches(placed.OrderId, "AwaitingPayment");
                await Task.WhenAll(Pay(placed), Cancel(placed));
            }
            finally
            {
                atOnce.Release();
            }

            return await system.Orders.Ends(placed.OrderId, Settled);
        }));

        Assert.All(ended, order => Assert.Contains(order.Status, (string[])["Completed", "Cancelled"]));
        var completed = ended.Where(order => order.Status == "Completed").ToList();
        await system.Inventory.MustBalance(sku, OnHand, completed.Count * Quantity);
        await Task.WhenAll(ended.Select(MustBeConsistent));
    }

    private async Task Pay(PlacedOrder order)
    {
        using var response = await system.Orders.Pay(order.OrderId, order.Total);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
    }

    /// <summary>Taken, or refused because the payment was seen.</summary>
    private async Task Cancel(PlacedOrder order)
    {
        using var response = await system.Orders.Cancel(order.OrderId, "found it cheaper");
        Assert.Contains(response.StatusCode, (HttpStatusCode[])[HttpStatusCode.Accepted, HttpStatusCode.Conflict]);
    }

    private async Task MustBeConsistent(OrderView order)
    {
        // An order that is cancelled before its stock is held was never reserved, as far as its customer knows.
        string[] reserved = order.Timeline.Any(x => x.Event == "StockReserved") ? ["OrderReserved"] : [];
        var isCompleted = order.Status == "Completed";
        await system.Notifications.MustBe(order.OrderId, [.. reserved, .. isCompleted ? (string[])["OrderCompleted"] : ["OrderCancelled", "PaymentRefunded"]]);
        Assert.Equal(isCompleted ? "Committed" : "Released", (await system.Inventory.Reservation(order.OrderId)).Status);
        Assert.Equal(isCompleted ? 0 : 1, await system.Refunds(order.OrderId));
    }
}
