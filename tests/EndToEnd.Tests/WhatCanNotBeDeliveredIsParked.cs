using System.Net;
using System.Net.Http.Json;
using Aspire.Hosting.Testing;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

[Collection(SystemCollection.Name)]
public sealed class WhatCanNotBeDeliveredIsParked(OrderSystem system)
{
    private const string Queue = "inventory-reservations";

    [Fact]
    public async Task When_a_command_finds_no_queue_an_operator_sends_it_again_and_the_order_goes_on()
    {
        using var broker = await Broker.Of(system.App);
        var sku = await system.Inventory.NewProduct(10);
        // While it runs it binds its queue again.
        await system.Stop("inventory-service");
        await broker.Unbind(Queue);
        ParkedMessage parked;
        PlacedOrder placed;
        try
        {
            placed = await system.Orders.Place(Sample.Order(sku, quantity: 1));
            parked = (await Parked(placed)).First();
        }
        finally
        {
            await system.Start("inventory-service");
        }

        Assert.Contains("No queue is bound", parked.LastError, StringComparison.Ordinal);
        Assert.EndsWith(Queue, parked.Destination, StringComparison.Ordinal);

        using (var anonymous = await system.Orders.Http.PostAsync($"/outbox/parked/{parked.Id}/retry", null))
            Assert.Equal(HttpStatusCode.BadRequest, anonymous.StatusCode);
        using (var retried = await system.Orders.Http.PostAsync($"/outbox/parked/{parked.Id}/retry?by=ada&reason=bound%20again", null))
            Assert.Equal(HttpStatusCode.Accepted, retried.StatusCode);
        using (var again = await system.Orders.Http.PostAsync($"/outbox/parked/{parked.Id}/retry?by=ada&reason=bound%20again", null))
            Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);

        await system.Orders.Reaches(placed.OrderId, "AwaitingPayment");
        Assert.Equal(["Retried by ada: bound again"], await Actions(parked.MessageId));

        // What the saga asked again for meanwhile may be parked, too; the order does not need it any more.
        foreach (var surplus in await ParkedNow(placed))
        {
            using var discarded = await system.Orders.Http.DeleteAsync($"/outbox/parked/{surplus.Id}?by=ada&reason=answered");
            Assert.Equal(HttpStatusCode.NoContent, discarded.StatusCode);
            Assert.Equal(["Discarded by ada: answered"], await Actions(surplus.MessageId));
        }

        Assert.Empty(await ParkedNow(placed));
    }

    private Task<ParkedMessage[]> Parked(PlacedOrder order) =>
        system.Eventually($"a parked message of {order.OrderId}", _ => ParkedNow(order), messages => messages.Length > 0);

    private async Task<ParkedMessage[]> ParkedNow(PlacedOrder order)
    {
        var page = (await system.Orders.Http.GetFromJsonAsync<Page>("/outbox/parked"))!;
        return [.. page.Items.Where(x => x.Body.Contains(order.OrderId.ToString(), StringComparison.OrdinalIgnoreCase))];
    }

    private Task<List<string>> Actions(Guid messageId) => system.Read("orders-db",
        """SELECT "Action" || ' by ' || "By" || ': ' || "Reason" FROM "ParkedMessageActions" WHERE "MessageId" = $1 ORDER BY "Id" """, row => row.GetString(0), messageId);

    private sealed record Page(ParkedMessage[] Items);

    private sealed record ParkedMessage(long Id, Guid MessageId, string Destination, int Attempts, string LastError, string Body)
    {
        public override string ToString() => $"{MessageId} to {Destination}: {LastError}";
    }
}
