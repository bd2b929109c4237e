using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

[Collection(SystemCollection.Name)]
public sealed class TheTopologyIsMended(OrderSystem system)
{
    private const int FewestOrders = 10;
    private const int MostOrders = 300;
    private const int OnHand = 1_000;
    private const string StockReserved = "OrderSample.Contracts.Inventory.Events:StockReserved";

    /// <summary>The inventory declares the exchange anew when it publishes; only the order service can bind it to its saga.</summary>
    [Fact]
    public async Task When_the_exchange_of_an_event_is_deleted_orders_complete_without_a_restart_and_what_was_unrouted_is_one_group_to_replay()
    {
        using var broker = await Broker.Of(system.App);
        var sku = await system.Inventory.NewProduct(OnHand);
        var placed = new List<PlacedOrder>();
        // Again and again: an event may find no exchange, and wait until it is mended, or one without the binding. Two of the latter are to be on the desk.
        while (placed.Count < FewestOrders || (placed.Count < MostOrders && await CountUnrouted() < 2))
        {
            await broker.DeleteExchange(StockReserved);
            placed.Add(await system.Orders.Place(Sample.Order(sku, quantity: 2)));
        }

        var ended = await system.PayAndEndAll([.. placed.Select(order => order.OrderId)], placed.Count);
        Assert.All(ended.Values, status => Assert.Equal("Completed", status));
        await system.Inventory.MustBalance(sku, OnHand, completedQuantity: placed.Count * 2);
        foreach (var service in new[] { "order-service", "inventory-service", "notification-service" })
            await system.Eventually($"the topology of {service} to be healthy", token => TopologyOf(service, token), status => status == "Healthy");

        var unrouted = await system.Eventually("the events on the desk", _ => system.Backoffice.Groups(StockReserved), groups => groups.Sum(group => group.Open) > 1);
        var group = Assert.Single(unrouted);
        Assert.Equal("Unrouted", group.Cause);
        var replay = JsonDocument.Parse(await BackofficeApi.MustAnswer(HttpStatusCode.OK, system.Backoffice.ReplayGroup(group.Id)));
        Assert.Equal((group.Open, 0), (replay.RootElement.GetProperty("replayed").GetInt32(), replay.RootElement.GetProperty("open").GetInt32()));
        // They come late, and change nothing.
        Assert.All(await Task.WhenAll(placed.Select(order => system.Orders.Get(order.OrderId))), order => Assert.Equal("Completed", order.Status));
        await system.Inventory.MustBalance(sku, OnHand, completedQuantity: placed.Count * 2);
    }

    private async Task<int> CountUnrouted() => (await system.Backoffice.Groups(StockReserved)).Sum(group => group.Open);

    private async Task<string> TopologyOf(string service, CancellationToken cancellationToken)
    {
        using var http = system.App.CreateHttpClient(service);
        return (await http.GetFromJsonAsync<JsonElement>("/health/ready", cancellationToken)).GetProperty("checks").GetProperty("topology").GetString()!;
    }
}
