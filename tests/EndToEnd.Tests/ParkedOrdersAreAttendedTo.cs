using System.Net;
using System.Net.Http.Json;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

/// <summary>The short list for a person: what the saga could not end by itself.</summary>
[Collection(SystemCollection.Name)]
public sealed class ParkedOrdersAreAttendedTo(OrderSystem system)
{
    private const int OnHand = 10;
    private static readonly object Decision = new { by = "Grace", reason = "The warehouse is back" };

    [Fact]
    public async Task When_an_operator_retries_it_goes_on_from_where_it_was_given_up()
    {
        var sku = await system.Inventory.NewProduct(OnHand);
        var order = await Parked(sku);

        await Answers(HttpStatusCode.Accepted, order, "retry");
        await system.Start("inventory-service");
        var cancelled = await system.Orders.Reaches(order, "Cancelled");

        Assert.Single(cancelled.Timeline, x => x is { Event: "AttentionRetryRequested", Detail: "Grace: The warehouse is back" });
        Assert.Contains("not confirm", cancelled.Reason, StringComparison.Ordinal);
        await system.Inventory.MustBalance(sku, OnHand, completedQuantity: 0);
        await system.Notifications.MustBe(order, "OrderReserved", "OrderCancelled");
        await Answers(HttpStatusCode.Conflict, order, "retry");
    }

    [Fact]
    public async Task When_an_operator_cancels_everything_is_given_back_and_the_customer_is_told_why()
    {
        var sku = await system.Inventory.NewProduct(OnHand);
        var order = await Parked(sku);

        await Answers(HttpStatusCode.Accepted, order, "cancel");
        await system.Start("inventory-service");
        var cancelled = await system.Orders.Reaches(order, "Cancelled");

        Assert.Equal("The warehouse is back", cancelled.Reason);
        await system.Inventory.MustBalance(sku, OnHand, completedQuantity: 0);
        await system.Notifications.MustBe(order, "OrderReserved", "OrderCancelled");
        await Answers(HttpStatusCode.Conflict, order, "cancel");
        Assert.Equal(1, await system.Sql("orders-db", """
            UPDATE "AttentionActions" SET "Id" = "Id" WHERE "OrderId" = $1 AND "Action" = 'Cancel' AND "By" = 'Grace' AND "Reason" = 'The warehouse is back'
            """, order));
    }

    [Fact]
    public async Task When_an_order_is_not_parked_there_is_nothing_to_decide()
    {
        var order = (await system.Orders.Place(Sample.Order(await system.Inventory.NewProduct(OnHand)))).OrderId;
        await Answers(HttpStatusCode.Conflict, order, "retry");
        await Answers(HttpStatusCode.Conflict, order, "cancel");
        await Answers(HttpStatusCode.NotFound, Guid.NewGuid(), "retry");
        await Answers(HttpStatusCode.NotFound, Guid.NewGuid(), "cancel");
    }

    /// <summary>An order whose release went unanswered until it was given up; the inventory is stopped, and has lost what it was asked.</summary>
    private async Task<Guid> Parked(string sku)
    {
        var order = (await system.Orders.Place(Sample.Order(sku))).OrderId;
        await system.Orders.Reaches(order, "AwaitingPayment");
        await system.Stop("inventory-service");
        using (await system.Orders.Cancel(order, "Changed my mind"))
            await system.Orders.Reaches(order, "Cancelling");
        await system.Purge("inventory-reservations");

        // As if it had been asked again as often as may be, and the last answer were overdue.
        await system.Sql("orders-db", """UPDATE "OrderStates" SET "Resends" = 1000 WHERE "CorrelationId" = $1""", order);
        await system.Sql("orders-db", """
            UPDATE "OutboxMessage" SET "EnqueueTime" = now() WHERE "SchedulingTokenId" = (SELECT "TimeoutToken" FROM "OrderStates" WHERE "CorrelationId" = $1)
            """, order);
        await system.Orders.Reaches(order, "NeedsAttention");
        return order;
    }

    private async Task Answers(HttpStatusCode expected, Guid order, string action)
    {
        using var response = await system.Orders.Http.PostAsJsonAsync($"/orders/{order}/attention/{action}", Decision);
        Assert.True(response.StatusCode == expected, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }
}
