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
        var rejected = new List<string>();
        for (var i = 0; i < 26; i++)
            rejected.Add((await system.Orders.Place(Sample.Order("NO-SUCH-PRODUCT"))).OrderId.ToString());
        foreach (var id in rejected)
            await system.Orders.Reaches(Guid.Parse(id), "Rejected");
        var page = await system.SignedIn("ada");

        await page.GetByLabel("State").SelectOptionAsync("Rejected");
        await Expect(page).ToHaveURLAsync(new Regex("status=Rejected"));
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(25);
        await Expect(page.Locator("tbody .badge")).ToHaveTextAsync(Enumerable.Repeat("Rejected", 25));
        await Expect(page.GetByText(rejected[^1])).ToBeVisibleAsync();
        await Expect(page.GetByText(rejected[0])).ToBeHiddenAsync();

        await page.GetByRole(AriaRole.Button, new() { Name = "Older" }).ClickAsync();
        await Expect(page.GetByText(rejected[0])).ToBeVisibleAsync();
        await Expect(page.GetByText(rejected[^1])).ToBeHiddenAsync();
    }

    [Fact]
    public async Task When_an_id_is_looked_for_its_order_is_shown_or_it_is_said_that_there_is_none()
    {
        var order = await system.Orders.Place(Sample.Order("KETTLE"));
        var page = await system.SignedIn("ada");

        await page.GetByLabel("Order id").FillAsync("nonsense");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("This is not an order's id.")).ToBeVisibleAsync();

        await page.GetByLabel("Order id").FillAsync($" {order.OrderId} ");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".timeline li").First).ToBeVisibleAsync();

        await page.GotoAsync($"/orders/{Guid.NewGuid()}");
        await Expect(page.GetByText("There is no such order")).ToBeVisibleAsync();
    }
}
