using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class OrdersAreFound(ConsoleSystem system)
{
    [Fact]
    public async Task When_a_state_is_chosen_only_orders_in_it_are_listed_and_older_ones_are_a_page_away()
    {
        var rejected = new List<Guid>();
        for (var i = 0; i < 26; i++)
            rejected.Add((await system.Orders.Place(Sample.Order("NO-SUCH-PRODUCT"))).OrderId);
        foreach (var id in rejected)
            await system.Orders.Reaches(id, "Rejected");
        var page = await system.SignedIn("ada");

        var tab = page.GetByRole(AriaRole.Navigation, new() { Name = "State" }).GetByRole(AriaRole.Link, new() { Name = "Rejected" });
        await tab.ClickAsync();
        await Expect(page).ToHaveURLAsync(new Regex("status=Rejected"));
        await Expect(tab).ToHaveAttributeAsync("aria-current", "page");
        await Expect(tab.Locator(".count")).ToHaveTextAsync(new Regex(@"^(2[6-9]|[3-9]\d|\d{3,})$"));
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(25);
        await Expect(page.Locator("tbody .badge")).ToHaveTextAsync(Enumerable.Repeat("Rejected", 25));
        await Expect(page.RowOf(rejected[^1])).ToBeVisibleAsync();
        await Expect(page.RowOf(rejected[0])).ToBeHiddenAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Older" }).ClickAsync();
        await Expect(page.RowOf(rejected[0])).ToBeVisibleAsync();
        await Expect(page.RowOf(rejected[^1])).ToBeHiddenAsync();

        await page.GetByLabel("Rows").SelectOptionAsync("50");
        await Expect(page).ToHaveURLAsync(new Regex("size=50"));
        await Expect(page.RowOf(rejected[0])).ToBeVisibleAsync();
        await Expect(page.RowOf(rejected[^1])).ToBeVisibleAsync();
    }

    [Fact]
    public async Task When_an_order_is_searched_for_it_alone_is_listed_or_it_is_said_that_there_is_none()
    {
        var order = await system.Orders.Place(Sample.Order("KETTLE"));
        await system.Orders.Place(Sample.Order("KETTLE"));
        var page = await system.SignedIn("ada");
        await page.Mark();

        var search = page.GetByLabel("Search", new() { Exact = true });
        await search.FillAsync($" {order.OrderId} ");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(page.RowOf(order.OrderId)).ToBeVisibleAsync();

        await search.FillAsync("x");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("Search for 2 to 100 characters.")).ToBeVisibleAsync();

        await search.FillAsync("nonsense");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("No order matches")).ToBeVisibleAsync();
        await page.WasNotLoadedAgain();

        await page.GotoAsync($"/orders/{Guid.NewGuid()}");
        await Expect(page.GetByText("There is no such order")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task When_orders_that_were_found_are_cancelled_together_each_outcome_is_counted_and_on_record()
    {
        var sku = await system.Inventory.NewProduct(onHand: 10);
        var orders = new List<Guid>();
        for (var i = 0; i < 3; i++)
            orders.Add((await system.Orders.Place(Sample.Order(sku))).OrderId);
        foreach (var id in orders)
            await system.Orders.Reaches(id, "AwaitingPayment");
        var page = await system.SignedIn("hedy");
        await page.GotoAsync($"/orders?search={sku.ToLowerInvariant()}&within=1h");
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(3);
        await page.GetByLabel("Select all that can be cancelled").CheckAsync();
        await Expect(page.GetByText("3 selected")).ToBeVisibleAsync();

        // Somebody pays one of them meanwhile; it stays selected.
        await page.RowOf(orders[0]).GetByRole(AriaRole.Button, new() { Name = "Pay" }).ClickAsync();
        await Expect(page.RowOf(orders[0]).Locator(".badge")).ToHaveTextAsync("Completed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel selected" }).ClickAsync();
        await page.GetByLabel("Reason, for the audit trail").FillAsync("recalled");
        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel them" }).ClickAsync();

        await Expect(page.GetByText("3 of 3 orders: 2 being cancelled, 1 failed.")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.List, new() { Name = "Why some are not done" })).ToHaveTextAsync("1 × The order is paid.");
        foreach (var id in orders[1..])
            await Expect(page.RowOf(id).Locator(".badge")).ToHaveTextAsync("Cancelled");
        await page.Picture("orders-cancelled");
        await page.SetViewportSizeAsync(390, 900);
        await page.IsAccessible();
        Assert.Null(await page.SticksOut());
        Assert.True(await page.Locator(".table-frame").EvaluateAsync<bool>("frame => frame.scrollWidth <= frame.clientWidth"), "The list has to be moved sideways.");
        await page.Picture("orders-on-a-phone");

        await page.GotoAsync("/audit");
        foreach (var (id, outcome) in orders.Zip(["Not done", "Done", "Done"]))
        {
            var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = $"orders/{id}" }).Filter(new() { HasText = "Cancelled an order" });
            await Expect(row).ToContainTextAsync("recalled");
            await Expect(row.Locator(".badge")).ToHaveTextAsync(outcome);
        }

        // On a phone, with ids as long as an order's.
        Assert.Null(await page.SticksOut());
    }

    [Fact]
    public async Task When_an_id_in_the_list_is_copied_it_is_on_the_clipboard_whole()
    {
        var order = await system.Orders.Place(Sample.Order("KETTLE"));
        var page = await system.SignedIn("ada");
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GotoAsync($"/orders?search={order.OrderId}");

        await Expect(page.RowOf(order.OrderId).GetByRole(AriaRole.Link)).ToHaveTextAsync(new Regex("^[0-9a-f]{8}…[0-9a-f]{4}$"));
        await page.RowOf(order.OrderId).Locator("[data-copy]").ClickAsync();

        await Expect(page.RowOf(order.OrderId).GetByRole(AriaRole.Status)).ToHaveTextAsync("Copied");
        Assert.Equal(order.OrderId.ToString(), await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }
}
