using System.Net.Http.Json;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Ordering;
using OrderSample.OrderService.DrivingOrder;

namespace OrderSample.Services.RealServers.Tests.Orders;

/// <summary>What a list of orders is asked for, over HTTP; that an index answers it is what <see cref="OneOfManyOrdersIsFound"/> is about.</summary>
[Collection(ServersCollection.Name)]
public sealed class OrdersAreSearched(TestServers servers)
{
    private static readonly Guid Ada = new("0b4a2f9a-4f0c-4a57-9c2b-0f3b4f1f9b11");
    private static readonly Guid Grace = new("7c9e6679-7425-40de-944b-e07fc1f90ae7");
    private static readonly Guid Payment = new("22222222-2222-2222-2222-222222222222");

    [Theory, OnPostgres, OnSqlServer]
    public async Task By_each_value_that_is_searched_for(DatabaseServer on)
    {
        await using var service = ServiceReplicas.StartOrders(await servers.NewPlace(on));
        using var http = service.CreateClient();
        await Place(http, Ada, "Ada Lovelace", "ada@example.org", "KETTLE", 2);
        await Place(http, Grace, "Grace 100%_Hopper", "grace@example.org", "SCALE", 3);
        using (var paid = await http.PostAsJsonAsync($"/orders/{Grace}/payments", new { paymentId = Payment, amount = 4.5m }))
            paid.EnsureSuccessStatusCode();
        await service.Query(async context =>
        {
            (await context.OrderStates.FindAsync(Ada))!.Reason = "Not paid in time.";
            return await context.SaveChangesAsync();
        });

        foreach (var search in new[] { "ADA LOVE", "ada@", "kettle", "0b4a2f9a", "0B4A2F9A-4f0", "0b4a2f9a4f0c", $"{Ada}", "not paid", " ada " })
            Assert.Equal(Ada, Assert.Single(await List(http, $"search={Uri.EscapeDataString(search)}")).OrderId);
        foreach (var search in new[] { "grace 100%_", $"{Payment}", "Scale" })
        {
            var found = Assert.Single(await List(http, $"search={Uri.EscapeDataString(search)}"));
            Assert.Equal(new Row(Grace, "Grace 100%_Hopper", 3, 4.5m, 4.5m), found);
        }

        // Signs that mean anything in a pattern mean themselves; what stands in the middle is not found.
        foreach (var search in new[] { "grace%", "grace 100__", "[ag]", @"grace\", "lovelace", "ketl", "b4a2", "paid in" })
            Assert.Empty(await List(http, $"search={Uri.EscapeDataString(search)}"));
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task Page_by_page_within_a_time_range_and_counted_alike(DatabaseServer on)
    {
        await using var service = ServiceReplicas.StartOrders(await servers.NewPlace(on));
        using var http = service.CreateClient();
        var begin = DateTimeOffset.UtcNow;
        var placed = new List<Guid>();
        for (var i = 0; i < 5; i++)
        {
            placed.Add(Guid.NewGuid());
            await Place(http, placed[i], $"Ada {i}", "ada@example.org", "KETTLE", 1);
        }

        var between = $"search=ada&from={Uri.EscapeDataString(begin.ToString("O"))}&to={Uri.EscapeDataString(DateTimeOffset.UtcNow.ToString("O"))}";
        // A status may be several states: an order that the saga has not begun with is submitted, too.
        await Waiting.Until(5, () => service.Query(context => context.OrderStates.CountAsync(x => x.CurrentState == nameof(OrderStatus.Submitted))), "orders that the saga has begun with");
        await service.Query(context => context.OrderStates.Where(x => x.CorrelationId == placed[1] || x.CorrelationId == placed[4])
            .ExecuteUpdateAsync(x => x.SetProperty(row => row.CurrentState, OrderStatuses.NotBegun)));
        foreach (var asked in new[] { between, "status=Submitted", "" })
        {
            var first = (await http.GetFromJsonAsync<Page>($"/orders?limit=3&{asked}"))!;
            var second = (await http.GetFromJsonAsync<Page>($"/orders?limit=3&{asked}&after={first.Next}"))!;
            Assert.Equal(placed.AsEnumerable().Reverse(), first.Items.Concat(second.Items).Select(order => order.OrderId));
            Assert.Null(second.Next);
        }

        Assert.Empty(await List(http, $"search=ada&to={Uri.EscapeDataString(begin.ToString("O"))}"));
        foreach (var asked in new[] { between, "" })
            Assert.Equal((5, 7.5m), Sum(await Count(http, asked)));
        Assert.Equal((0, 0), Sum(await Count(http, "search=nobody")));
        Assert.All(await Count(http, between), state => Assert.False(state.AtLeast));
    }

    private static async Task Place(HttpClient http, Guid id, string name, string email, string sku, int quantity)
    {
        using var placed = await http.PostAsJsonAsync("/orders", new { orderId = id, customer = new { name, email }, lines = new[] { new { sku, quantity, unitPrice = 1.5m } } });
        placed.EnsureSuccessStatusCode();
    }

    private static async Task<IReadOnlyList<Row>> List(HttpClient http, string query) => (await http.GetFromJsonAsync<Page>($"/orders?{query}"))!.Items;

    private static async Task<IReadOnlyList<State>> Count(HttpClient http, string query) => (await http.GetFromJsonAsync<Counts>($"/orders/counts?{query}"))!.States;

    private static (int Count, decimal Total) Sum(IReadOnlyList<State> states) => (states.Sum(state => state.Count), states.Sum(state => state.Total));

    private sealed record Row(Guid OrderId, string Customer, int Items, decimal Total, decimal Paid);

    private sealed record Page(IReadOnlyList<Row> Items, Guid? Next);

    private sealed record State(string Status, int Count, decimal Total, bool AtLeast);

    private sealed record Counts(IReadOnlyList<State> States);
}
