using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

/// <summary>A consumer whose database lacks its table fails for good reason, and immediate retries do not help.</summary>
[Collection(SystemCollection.Name)]
public sealed class WhatFailsIsTriedAgainLater(OrderSystem system)
{
    /// <summary>The demo's: what fails comes again after 2 s, and once more after 4 s.</summary>
    private static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task When_a_consumer_fails_for_a_while_the_message_comes_back_through_the_delay_queue()
    {
        var sku = await system.Inventory.NewProduct(10);
        PlacedOrder placed;
        await BreakNotifications();
        var broken = DateTimeOffset.UtcNow;
        try
        {
            placed = await system.Orders.Place(Sample.Order(sku, quantity: 1));
            await system.Orders.Reaches(placed.OrderId, "AwaitingPayment");
            await system.Eventually("the first failure", _ => Task.FromResult(system.LogOf("notification-service", broken)),
                log => log.Contains("redelivery 1 of 2", StringComparison.Ordinal));
        }
        finally
        {
            await MendNotifications();
        }

        var order = await system.Orders.Get(placed.OrderId);
        await system.Notifications.MustBe(placed.OrderId, "OrderReserved");
        var sent = (await system.Notifications.Get(placed.OrderId)).Single(x => x.Channel == "Email").SentAt!.Value;
        var waited = sent - order.Timeline.Single(x => x.Event == "StockReserved").At;
        // Not before the delay is over; how long after it depends on the machine.
        Assert.InRange(waited, FirstDelay - TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(60));
    }

    private Task<int> BreakNotifications() => system.Sql("notifications-db", """ALTER TABLE "Notifications" RENAME TO "NotificationsAway" """);

    private Task<int> MendNotifications() => system.Sql("notifications-db", """ALTER TABLE "NotificationsAway" RENAME TO "Notifications" """);
}
