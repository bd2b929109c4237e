using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

[Collection(SystemCollection.Name)]
public sealed class AnOrderReachesItsFinalState(OrderSystem system)
{
    [Fact, Trait("Category", "Quick")]
    public async Task When_it_is_paid_it_completes_and_the_stock_leaves_the_shelf()
    {
        var sku = await system.Inventory.NewProduct(onHand: 10);
        var order = await system.Orders.Place(Sample.Order(sku, quantity: 3));
        Assert.Equal(3 * Sample.UnitPrice, order.Total);

        await system.Orders.Reaches(order.OrderId, "AwaitingPayment");
        Assert.Equal("Held", (await system.Inventory.Reservation(order.OrderId)).Status);
        using var payment = await system.Orders.Pay(order.OrderId, order.Total);
        Assert.Equal(HttpStatusCode.Accepted, payment.StatusCode);

        var completed = await system.Orders.Reaches(order.OrderId, "Completed");
        Assert.Equal("Committed", (await system.Inventory.Reservation(order.OrderId)).Status);
        await system.Inventory.MustBalance(sku, onHandBefore: 10, completedQuantity: 3);
        await system.Notifications.MustBe(order.OrderId, "OrderReserved", "OrderCompleted");
        Assert.True(completed.Timeline.Zip(completed.Timeline.Skip(1)).All(x => x.First.At <= x.Second.At), completed.ToString());
    }

    [Fact]
    public async Task When_one_line_is_short_it_is_rejected_and_nothing_is_held()
    {
        var plenty = await system.Inventory.NewProduct(onHand: 10);
        var scarce = await system.Inventory.NewProduct(onHand: 1);
        var order = await system.Orders.Place(new
        {
            customer = new { name = "Ada Lovelace", email = "ada@example.com" },
            lines = new[]
            {
                new { sku = plenty, quantity = 2, unitPrice = 1m },
                new { sku = scarce, quantity = 2, unitPrice = 1m },
            },
        });

        var rejected = await system.Orders.Reaches(order.OrderId, "Rejected");
        Assert.Contains(scarce, rejected.Reason, StringComparison.Ordinal);
        Assert.Equal("Refused", (await system.Inventory.Reservation(order.OrderId)).Status);
        await system.Inventory.MustBalance(plenty, onHandBefore: 10, completedQuantity: 0);
        await system.Notifications.MustBe(order.OrderId, "OrderRejected");
    }

    [Fact]
    public async Task When_the_product_is_unknown_it_is_rejected()
    {
        var order = await system.Orders.Place(Sample.Order("NO-SUCH-SKU"));
        await system.Orders.Reaches(order.OrderId, "Rejected");
    }

    [Fact]
    public async Task When_no_payment_comes_in_time_it_is_cancelled_and_a_late_payment_is_given_back_once()
    {
        var sku = await system.Inventory.NewProduct(onHand: 5);
        var order = await system.Orders.Place(Sample.Order(sku, quantity: 2));
        await system.Orders.Reaches(order.OrderId, "AwaitingPayment");

        await system.Orders.Reaches(order.OrderId, "Cancelled", OrderSystem.PaymentTimeout + OrderSystem.Deadline);
        Assert.Equal("Released", (await system.Inventory.Reservation(order.OrderId)).Status);
        await system.Inventory.MustBalance(sku, onHandBefore: 5, completedQuantity: 0);
        await system.Notifications.MustBe(order.OrderId, "OrderReserved", "OrderCancelled");

        var paymentId = Guid.NewGuid();
        for (var i = 0; i < 2; i++)
        {
            using var late = await system.Orders.Pay(order.OrderId, order.Total, paymentId);
            Assert.Equal(HttpStatusCode.Accepted, late.StatusCode);
        }

        await system.Notifications.MustBe(order.OrderId, "OrderReserved", "OrderCancelled", "PaymentRefunded");
        var after = await system.Orders.Get(order.OrderId);
        Assert.Equal("Cancelled", after.Status);
        Assert.Single(after.Timeline, entry => entry.Event == "RefundDue");
        Assert.Single(after.Timeline, entry => entry.Event == "PaymentRefunded");
    }

    [Fact]
    public async Task When_it_is_paid_twice_the_second_payment_is_given_back()
    {
        var sku = await system.Inventory.NewProduct(onHand: 5);
        var order = await system.Orders.Place(Sample.Order(sku, quantity: 2));
        await system.Orders.Reaches(order.OrderId, "AwaitingPayment");
        using (await system.Orders.Pay(order.OrderId, order.Total))
            await system.Orders.Reaches(order.OrderId, "Completed");

        using var second = await system.Orders.Pay(order.OrderId, order.Total);
        Assert.Equal(HttpStatusCode.Accepted, second.StatusCode);

        await system.Notifications.MustBe(order.OrderId, "OrderReserved", "OrderCompleted", "PaymentRefunded");
        Assert.Equal("Completed", (await system.Orders.Get(order.OrderId)).Status);
        await system.Inventory.MustBalance(sku, onHandBefore: 5, completedQuantity: 2);
    }

    [Fact]
    public async Task When_the_customer_cancels_it_is_cancelled_and_can_not_be_cancelled_again()
    {
        var sku = await system.Inventory.NewProduct(onHand: 5);
        var order = await system.Orders.Place(Sample.Order(sku));
        await system.Orders.Reaches(order.OrderId, "AwaitingPayment");

        using var cancellation = await system.Orders.Cancel(order.OrderId, "changed my mind");
        Assert.Equal(HttpStatusCode.Accepted, cancellation.StatusCode);
        var cancelled = await system.Orders.Reaches(order.OrderId, "Cancelled");
        Assert.Contains("changed my mind", cancelled.Reason, StringComparison.Ordinal);
        await system.Inventory.MustBalance(sku, onHandBefore: 5, completedQuantity: 0);

        using var again = await system.Orders.Cancel(order.OrderId, "really");
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
    }

    [Fact]
    public async Task When_the_same_order_is_posted_20_times_at_once_there_is_one_order()
    {
        var sku = await system.Inventory.NewProduct(onHand: 100);
        var body = Sample.Order(sku, quantity: 2, orderId: Guid.NewGuid());

        var placed = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => system.Orders.Place(body)));

        var orderId = Assert.Single(placed.Select(x => x.OrderId).Distinct());
        await system.Orders.Reaches(orderId, "AwaitingPayment");
        Assert.Equal(2, (await system.Inventory.Get(sku)).Reserved);
        using var payment = await system.Orders.Pay(orderId, placed[0].Total);
        await system.Orders.Reaches(orderId, "Completed");
        await system.Inventory.MustBalance(sku, onHandBefore: 100, completedQuantity: 2);
        await system.Notifications.MustBe(orderId, "OrderReserved", "OrderCompleted");
    }

    [Fact]
    public async Task When_a_payment_is_repeated_it_counts_once_and_a_wrong_one_is_refused()
    {
        var sku = await system.Inventory.NewProduct(onHand: 5);
        var order = await system.Orders.Place(Sample.Order(sku));
        var other = await system.Orders.Place(Sample.Order(sku));
        await system.Orders.Reaches(order.OrderId, "AwaitingPayment");
        var paymentId = Guid.NewGuid();

        await Answers(HttpStatusCode.UnprocessableEntity, system.Orders.Pay(order.OrderId, order.Total + 1));
        await Answers(HttpStatusCode.NotFound, system.Orders.Pay(Guid.NewGuid(), order.Total));
        await Answers(HttpStatusCode.Accepted, system.Orders.Pay(order.OrderId, order.Total, paymentId));
        await Answers(HttpStatusCode.Accepted, system.Orders.Pay(order.OrderId, order.Total, paymentId));
        await Answers(HttpStatusCode.Conflict, system.Orders.Pay(other.OrderId, other.Total, paymentId));

        var completed = await system.Orders.Reaches(order.OrderId, "Completed");
        Assert.Single(completed.Timeline, x => x.Event == "PaymentReceived");
        await Answers(HttpStatusCode.Accepted, system.Orders.Cancel(other.OrderId, "only one was wanted"));
        await system.Orders.Reaches(other.OrderId, "Cancelled");
    }

    [Fact]
    public async Task When_orders_are_listed_by_status_pages_follow_each_other_without_gap_or_repeat()
    {
        var sku = await system.Inventory.NewProduct(onHand: 0);
        var placed = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => system.Orders.Place(Sample.Order(sku))));
        foreach (var order in placed)
            await system.Orders.Reaches(order.OrderId, "Rejected");

        var seen = new List<Guid>();
        string? after = null;
        do
        {
            var page = await system.Orders.Http.GetFromJsonAsync<JsonElement>(
                $"/orders?status=Rejected&limit=2{(after is null ? "" : $"&after={Uri.EscapeDataString(after)}")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(x => x.GetProperty("orderId").GetGuid()));
            after = page.TryGetProperty("next", out var next) ? next.GetString() : null;
        }
        while (after is not null);

        Assert.Equal(seen.Count, seen.Distinct().Count());
        Assert.All(placed, order => Assert.Contains(order.OrderId, seen));
    }

    private static async Task Answers(HttpStatusCode expected, Task<HttpResponseMessage> request)
    {
        using var response = await request;
        Assert.True(response.StatusCode == expected, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
    }
}
