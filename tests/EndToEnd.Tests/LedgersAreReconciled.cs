using System.Net;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

/// <summary>Damages the system at rest, by hand, and has the next run find and mend it.</summary>
[Collection(SystemCollection.Name)]
public sealed class LedgersAreReconciled(OrderSystem system)
{
    private const int OnHand = 100;
    private readonly ReconciliationApi _reconciliation = new(system);

    [Fact]
    public async Task When_a_notification_row_is_deleted_the_customer_is_told_again()
    {
        var order = await Completed(await system.Inventory.NewProduct(OnHand));
        await system.Sql("notifications-db", """DELETE FROM "Notifications" WHERE "OrderId" = $1 AND "Kind" = 'OrderCompleted' AND "Channel" = 'Email'""", order);

        await MustFind(order, "NotificationMissing", repair: "PublishEvents");
        await system.Notifications.MustBe(order, "OrderReserved", "OrderCompleted");
        await MustFindNothing(order);
    }

    [Fact]
    public async Task When_a_message_is_deleted_from_a_queue_what_it_was_for_is_done_after_all()
    {
        await system.Stop("notification-service");
        var order = await Completed(await system.Inventory.NewProduct(OnHand), Told.No);
        await system.Purge("notification-email");
        await system.Start("notification-service");

        await MustFind(order, "NotificationMissing", repair: "PublishEvents");
        await system.Eventually($"the mail about {order}", token => system.Notifications.Get(order, token),
            all => all.Any(x => x is { Kind: "OrderCompleted", Channel: "Email", Status: "Sent" }));
        await MustFindNothing(order);
    }

    [Fact]
    public async Task When_a_pending_timeout_is_deleted_the_order_is_moved_on()
    {
        var order = (await system.Orders.Place(Sample.Order(await system.Inventory.NewProduct(OnHand)))).OrderId;
        await system.Orders.Reaches(order, "AwaitingPayment");
        var deleted = await system.Sql("orders-db",
            """DELETE FROM "OutboxMessage" WHERE "SchedulingTokenId" = (SELECT "TimeoutToken" FROM "OrderStates" WHERE "CorrelationId" = $1)""", order);
        Assert.Equal(1, deleted);

        // As if the time to pay had passed since.
        await system.Sql("orders-db", """UPDATE "OrderStates" SET "UpdatedAt" = "UpdatedAt" - interval '1 hour' WHERE "CorrelationId" = $1""", order);
        await MustFind(order, "OrderStuck", repair: "MoveOn");
        await system.Orders.Reaches(order, "Cancelled");
        await system.Notifications.MustBe(order, "OrderReserved", "OrderCancelled");
        await MustFindNothing(order);
    }

    [Fact]
    public async Task When_the_stock_of_a_cancelled_order_is_held_it_is_released()
    {
        var sku = await system.Inventory.NewProduct(OnHand);
        var order = await Cancelled(sku);
        await system.Sql("inventory-db", """UPDATE "Reservations" SET "Status" = 'Held' WHERE "OrderId" = $1""", order);
        await system.Sql("inventory-db", """UPDATE "Products" SET "Reserved" = 1 WHERE "Sku" = $1""", sku);

        await MustFind(order, "StockHeld", repair: "ReleaseStock");
        await system.Inventory.MustBalance(sku, OnHand, completedQuantity: 0);
        await MustFindNothing(order);
    }

    [Fact]
    public async Task When_the_stock_of_a_completed_order_is_edited_it_is_reported_and_left_alone()
    {
        var order = await Completed(await system.Inventory.NewProduct(OnHand));
        await system.Sql("inventory-db", """UPDATE "Reservations" SET "Lines" = jsonb_set("Lines", '{0,quantity}', '7') WHERE "OrderId" = $1""", order);

        await MustFind(order, "QuantitiesDiffer", repair: null);
        await MustFind(order, "QuantitiesDiffer", repair: null);
        await system.Sql("inventory-db", """UPDATE "Reservations" SET "Lines" = jsonb_set("Lines", '{0,quantity}', '1') WHERE "OrderId" = $1""", order);
        await MustFindNothing(order);
    }

    [Fact]
    public async Task When_stock_is_held_for_an_order_that_nobody_placed_it_is_reported()
    {
        var order = Guid.NewGuid();
        await system.Sql("inventory-db", """
            INSERT INTO "Reservations" ("OrderId", "Status", "Lines", "Shortages", "CreatedAt", "UpdatedAt")
            VALUES ($1, 'Held', '[{"sku":"KETTLE","quantity":1}]', '[]', now() - interval '1 minute', now() - interval '1 minute')
            """, order);

        await MustFind(order, "OrderUnknown", repair: null);
        await system.Sql("inventory-db", """DELETE FROM "Reservations" WHERE "OrderId" = $1""", order);
        await MustFindNothing(order);
    }

    [Fact]
    public async Task When_the_event_of_a_payment_is_lost_the_order_is_completed_after_all()
    {
        var placed = await system.Orders.Place(Sample.Order(await system.Inventory.NewProduct(OnHand)));
        await system.Orders.Reaches(placed.OrderId, "AwaitingPayment");
        await system.Sql("orders-db", """
            INSERT INTO "Payments" ("PaymentId", "OrderId", "Amount", "ReceivedAt") VALUES ($1, $2, $3, now() - interval '1 minute')
            """, Guid.NewGuid(), placed.OrderId, placed.Total);

        await MustFind(placed.OrderId, "PaymentWithoutEffect", repair: "PublishPayment");
        await system.Orders.Reaches(placed.OrderId, "Completed");
        await system.Notifications.MustBe(placed.OrderId, "OrderReserved", "OrderCompleted");
        await MustFindNothing(placed.OrderId);
    }

    [Fact]
    public async Task When_the_event_of_a_refund_is_lost_the_money_is_given_back_after_all()
    {
        var order = await Cancelled(await system.Inventory.NewProduct(OnHand));
        var payment = Guid.NewGuid();
        await system.Sql("orders-db", """
            INSERT INTO "Payments" ("PaymentId", "OrderId", "Amount", "ReceivedAt") VALUES ($1, $2, 12.50, now() - interval '1 year')
            """, payment, order);
        // Its own payment, paid long ago, and given back a minute ago.
        await system.Sql("orders-db", """
            UPDATE "OrderStates" SET "PaymentId" = $1, "Refunds" = jsonb_build_array($1), "UpdatedAt" = now() - interval '1 minute' WHERE "CorrelationId" = $2
            """, payment, order);

        await MustFind(order, "RefundMissing", repair: "PublishRefund");
        await system.Notifications.MustBe(order, "OrderReserved", "OrderCancelled", "PaymentRefunded");
        await MustFindNothing(order);
    }

    [Fact]
    public async Task When_a_pending_timeout_is_forgotten_by_its_order_the_order_is_moved_on()
    {
        var order = (await system.Orders.Place(Sample.Order(await system.Inventory.NewProduct(OnHand)))).OrderId;
        await system.Orders.Reaches(order, "AwaitingPayment");
        await system.Sql("orders-db", """
            UPDATE "OrderStates" SET "TimeoutToken" = NULL, "UpdatedAt" = "UpdatedAt" - interval '1 hour' WHERE "CorrelationId" = $1
            """, order);

        await MustFind(order, "OrderStuck", repair: "MoveOn");
        await system.Orders.Reaches(order, "Cancelled");
        await MustFindNothing(order);
    }

    [Fact]
    public async Task When_a_run_s_question_is_lost_it_asks_again_and_no_other_run_starts_meanwhile()
    {
        await system.Stop("inventory-service");
        var location = await _reconciliation.Start();
        using (var second = await _reconciliation.Post())
            Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        await system.Purge("inventory-reconciliation");
        await system.Start("inventory-service");

        await _reconciliation.Ends(location);
    }

    private async Task MustFind(Guid order, string kind, string? repair)
    {
        var run = await _reconciliation.RunPast(order);
        var found = Assert.Single(run.Discrepancies, x => x.OrderId == order);
        Assert.Equal((kind, repair), (found.Kind, found.Repair));
    }

    private async Task MustFindNothing(Guid order) =>
        Assert.DoesNotContain((await _reconciliation.RunPast(order)).Discrepancies, x => x.OrderId == order);

    private async Task<Guid> Completed(string sku, Told told = Told.Yes)
    {
        var placed = await system.Orders.Place(Sample.Order(sku));
        await system.Orders.Reaches(placed.OrderId, "AwaitingPayment");
        using (await system.Orders.Pay(placed.OrderId, placed.Total))
            await system.Orders.Reaches(placed.OrderId, "Completed");
        if (told == Told.Yes)
            await system.Notifications.MustBe(placed.OrderId, "OrderReserved", "OrderCompleted");
        return placed.OrderId;
    }

    private async Task<Guid> Cancelled(string sku)
    {
        var order = (await system.Orders.Place(Sample.Order(sku))).OrderId;
        await system.Orders.Reaches(order, "AwaitingPayment");
        using (await system.Orders.Cancel(order, "Changed my mind"))
            await system.Orders.Reaches(order, "Cancelled");
        await system.Notifications.MustBe(order, "OrderReserved", "OrderCancelled");
        return order;
    }

    private enum Told
    {
        Yes,
        No,
    }
}
