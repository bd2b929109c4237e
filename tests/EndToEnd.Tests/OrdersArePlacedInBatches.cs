using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

[Collection(SystemCollection.Name)]
public sealed class OrdersArePlacedInBatches(OrderSystem system)
{
    private const int Largest = 500;

    [Fact]
    public async Task When_there_are_500_they_are_stored_in_one_transaction_and_each_goes_its_way()
    {
        var sku = await system.Inventory.NewProduct(onHand: 0);
        var ids = NewIds(Largest);

        var placed = await Place([.. ids.Select(id => Sample.Order(sku, quantity: 2, id))]);

        Assert.Equal(ids, placed.Select(x => x.OrderId));
        Assert.All(placed, order => Assert.Equal(("Submitted", 2 * Sample.UnitPrice), (order.Status, order.Total)));
        var transactions = await system.SqlValue<long>("orders-db", """SELECT count(DISTINCT xmin::text) FROM "Orders" WHERE "OrderId" = ANY($1)""", ids);
        Assert.Equal(1, transactions);
        await system.Eventually("all orders to be rejected", _ => CountInState("Rejected", ids), count => count == Largest);
    }

    [Fact]
    public async Task When_one_is_invalid_it_is_named_and_none_is_stored()
    {
        var sku = await system.Inventory.NewProduct(onHand: 10);
        var ids = NewIds(4);

        using var response = await Post([.. ids.Select((id, i) => Sample.Order(sku, quantity: i == 3 ? 0 : 1, id))]);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(["orders[3].lines[0].quantity"], await FieldsOf(response));
        Assert.Equal(0, await CountStored(ids));
    }

    [Fact]
    public async Task When_a_batch_comes_again_with_more_orders_only_those_are_new()
    {
        var sku = await system.Inventory.NewProduct(onHand: 10);
        var ids = NewIds(3);
        var orders = ids.Select(id => Sample.Order(sku, quantity: 1, id)).ToArray();
        await Place(orders[..2]);
        await system.Orders.Reaches(ids[0], "AwaitingPayment");

        var again = await Place(orders);

        Assert.Equal(ids, again.Select(x => x.OrderId));
        Assert.Equal(("AwaitingPayment", "Submitted"), (again[0].Status, again[2].Status));
        await Task.WhenAll(ids.Select(id => PayAndComplete(id)));
        await system.Inventory.MustBalance(sku, onHandBefore: 10, completedQuantity: 3);
    }

    [Fact]
    public async Task When_an_id_belongs_to_another_order_it_is_named_and_none_is_stored()
    {
        var sku = await system.Inventory.NewProduct(onHand: 10);
        var ids = NewIds(3);
        await system.Orders.Place(Sample.Order(sku, quantity: 1, ids[1]));

        using var response = await Post([.. ids.Select(id => Sample.Order(sku, quantity: 2, id))]);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.Equal(["orders[1].orderId"], await FieldsOf(response));
        Assert.Equal(1, await CountStored(ids));
    }

    [Fact]
    public async Task When_the_same_batch_comes_20_times_at_once_each_order_is_there_once()
    {
        const int Size = 20;
        var sku = await system.Inventory.NewProduct(onHand: 100);
        var ids = NewIds(Size);
        var orders = ids.Select(id => Sample.Order(sku, quantity: 1, id)).ToArray();

        // Overlapping parts in both directions: what one waits for, another may hold.
        var batches = Enumerable.Range(0, 20).Select(i => orders[(i % 5)..]).Select((part, i) => i % 2 == 0 ? part : [.. part.Reverse()]);
        await Task.WhenAll(batches.Select(Place));

        Assert.Equal(Size, await CountStored(ids));
        await Task.WhenAll(ids.Select(PayAndComplete));
        await system.Inventory.MustBalance(sku, onHandBefore: 100, completedQuantity: Size);
        await Task.WhenAll(ids.Select(id => system.Notifications.MustBe(id, "OrderReserved", "OrderCompleted")));
    }

    private static Guid[] NewIds(int count) => [.. Enumerable.Range(0, count).Select(_ => Guid.NewGuid())];

    private Task<HttpResponseMessage> Post(object[] orders) => system.Orders.Http.PostAsJsonAsync("/orders/batch", new { orders });

    private async Task<PlacedOrder[]> Place(object[] orders)
    {
        using var response = await Post(orders);
        Assert.True(response.StatusCode == HttpStatusCode.Accepted, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync()}");
        return (await response.Content.ReadFromJsonAsync<PlacedBatch>())!.Orders;
    }

    private async Task PayAndComplete(Guid orderId)
    {
        var waiting = await system.Orders.Reaches(orderId, "AwaitingPayment");
        using var payment = await system.Orders.Pay(orderId, waiting.Total);
        Assert.Equal(HttpStatusCode.Accepted, payment.StatusCode);
        await system.Orders.Reaches(orderId, "Completed");
    }

    private static async Task<string[]> FieldsOf(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        return [.. problem.GetProperty("errors").EnumerateObject().Select(error => error.Name)];
    }

    private Task<long> CountStored(Guid[] ids) =>
        system.SqlValue<long>("orders-db", """SELECT count(*) FROM "Orders" WHERE "OrderId" = ANY($1)""", ids);

    private Task<long> CountInState(string state, Guid[] ids) =>
        system.SqlValue<long>("orders-db", """SELECT count(*) FROM "OrderStates" WHERE "CurrentState" = $1 AND "CorrelationId" = ANY($2)""", state, ids);

    private sealed record PlacedBatch(PlacedOrder[] Orders);
}
