using System.Net;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

[Collection(SystemCollection.Name)]
public sealed class NothingIsLostWhenSomethingBreaks(OrderSystem system)
{
    private const int Orders = 200;
    private const int OnHand = 10_000;

    /// <summary>An order paid in good time completes even if a service is away for a while; all of them have this long.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task When_the_inventory_is_stopped_orders_are_accepted_and_complete_once_it_is_back()
    {
        var sku = await system.Inventory.NewProduct(OnHand);
        await system.Stop("inventory-service");

        var placed = new List<PlacedOrder>();
        for (var i = 0; i < 10; i++)
            placed.Add(await system.Orders.Place(Sample.Order(sku, quantity: 2)));

        await system.Start("inventory-service");
        var ended = await Task.WhenAll(placed.Select(PayAndEnd));
        Assert.All(ended, order => Assert.Equal("Completed", order.Status));
        await system.Inventory.MustBalance(sku, OnHand, completedQuantity: 10 * 2);
    }

    [Theory]
    [InlineData("order-service")]
    [InlineData("inventory-service")]
    [InlineData("notification-service")]
    public Task When_a_service_is_killed_in_the_middle_every_order_still_ends_and_the_stock_balances(string service) =>
        OrdersSurvive(async () =>
        {
            await system.Kill(service);
            await system.Start(service);
        });

    [Fact]
    public Task When_the_broker_is_stopped_and_started_in_the_middle_every_order_still_ends_and_the_stock_balances() =>
        OrdersSurvive(async () =>
        {
            await system.Stop("rabbitmq");
            await system.Start("rabbitmq");
        });

    /// <summary>Places orders, breaks something when a third of them is accepted, and follows every accepted one to its end.</summary>
    private async Task OrdersSurvive(Func<Task> fault)
    {
        var sku = await system.Inventory.NewProduct(OnHand);
        var accepted = 0;
        var thirdAccepted = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var breaking = BreakWhen(thirdAccepted.Task, fault);

        using var atOnce = new SemaphoreSlim(8);
        var ended = await Task.WhenAll(Enumerable.Range(0, Orders).Select(async _ =>
        {
            await atOnce.WaitAsync();
            PlacedOrder placed;
            try
            {
                placed = await PlaceUntilAccepted(sku);
            }
            finally
            {
                atOnce.Release();
            }

            if (Interlocked.Increment(ref accepted) == Orders / 3)
                thirdAccepted.SetResult();
            return await PayAndEnd(placed);
        }));
        await breaking;

        Assert.Equal(Orders, ended.Length);
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
    }

    private static async Task BreakWhen(Task moment, Func<Task> fault)
    {
        await moment;
        await fault();
    }

    /// <summary>The order's own id makes it safe to post again when the answer was lost with the process.</summary>
    private async Task<PlacedOrder> PlaceUntilAccepted(string sku)
    {
        var order = Sample.Order(sku, quantity: 2, orderId: Guid.NewGuid());
        return await system.Eventually("an order to be accepted", _ => system.Orders.Place(order), _ => true);
    }

    /// <summary>Pays as soon as the order waits for it, again if the answer was lost, and follows the order to its end.</summary>
    private async Task<OrderView> PayAndEnd(PlacedOrder placed)
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
