using System.Net;
using System.Net.Http.Json;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>Customers who place and pay many orders while something breaks.</summary>
internal static class ManyOrders
{
    private const int OnHand = 10_000;

    /// <summary>An order paid in good time completes even if a service is away for a while; all of them have this long.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(3);

    /// <summary>Breaks something when a third of the orders is accepted.</summary>
    public static Task OrdersSurvive(this OrderSystem system, int orders, Func<Task> fault) =>
        system.OrdersSurvive(orders, async accepted =>
        {
            await accepted.Reaches(orders / 3);
            await fault();
        });

    /// <summary>Places orders, breaks something on the way, follows every accepted one to its end, and accounts for every message.</summary>
    public static async Task OrdersSurvive(this OrderSystem system, int orders, Func<Milestones, Task> fault)
    {
        await using var ledger = await MessageLedger.Open(system);
        var sku = await system.Inventory.NewProduct(OnHand);
        var accepted = new Milestones(orders);
        var breaking = fault(accepted);

        using var atOnce = new SemaphoreSlim(8);
        var ended = await Task.WhenAll(Enumerable.Range(0, orders).Select(async _ =>
        {
            await atOnce.WaitAsync();
            PlacedOrder placed;
            try
            {
                placed = await system.PlaceUntilAccepted(sku);
            }
            finally
            {
                atOnce.Release();
            }

            accepted.Next();
            return await system.PayAndEnd(placed);
        }));
        await breaking;

        Assert.Equal(orders, ended.Length);
        Assert.DoesNotContain(ended, order => order.Status is "Rejected" or "NeedsAttention");
        var completed = ended.Count(order => order.Status == "Completed");
        Assert.True(completed > 0, "not one order completed");
        await system.Inventory.MustBalance(sku, OnHand, completed * 2);
        foreach (var order in ended)
        {
            // A payment that a fault kept until the order was cancelled.
            var late = order.Status == "Cancelled" && (await system.Orders.Get(order.OrderId)).Timeline.Any(x => x.Event == "RefundDue");
            await system.Notifications.MustBe(order.OrderId, [.. (string[])["OrderReserved", $"Order{order.Status}"], .. late ? (string[])["PaymentRefunded"] : []]);
        }

        await ledger.MustAccountForAll();
    }

    /// <summary>The order's own id makes it safe to post again when the answer was lost, or to learn what became of it.</summary>
    public static async Task<PlacedOrder> PlaceUntilAccepted(this OrderSystem system, string sku)
    {
        var order = Sample.Order(sku, quantity: 2, orderId: Guid.NewGuid());
        return (await system.Eventually("an order to be accepted", async token =>
        {
            using var response = await system.Orders.Post(order);
            return response.StatusCode is HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests
                ? null
                : await response.EnsureSuccessStatusCode().Content.ReadFromJsonAsync<PlacedOrder>(token);
        }, placed => placed is not null))!;
    }

    /// <summary>Pays as soon as the order waits for it, again if the answer was lost, and follows the order to its end.</summary>
    public static async Task<OrderView> PayAndEnd(this OrderSystem system, PlacedOrder placed)
    {
        var waiting = await system.Eventually($"order {placed.OrderId} to wait for payment", token => system.Orders.Get(placed.OrderId, token),
            order => order.Status == "AwaitingPayment" || OrderApi.IsFinal(order.Status), deadline: Settled);
        if (waiting.Status == "AwaitingPayment")
        {
            var paymentId = Guid.NewGuid();
            await system.Eventually($"payment of {placed.OrderId}", async _ =>
            {
                using var response = await system.Orders.Pay(placed.OrderId, placed.Total, paymentId);
                return response.StatusCode;
            }, status => status == HttpStatusCode.Accepted);
        }

        return await system.Orders.Ends(placed.OrderId, Settled);
    }
}
