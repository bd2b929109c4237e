using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class AnOrderIsSeenToComplete(ConsoleSystem system)
{
    [Fact]
    public async Task When_an_order_is_placed_and_paid_on_the_page_it_is_seen_to_complete_without_a_reload()
    {
        var page = await system.SignedIn("grace");
        await page.Mark();

        await page.GetByRole(AriaRole.Button, new() { Name = "Place order" }).ClickAsync();
        var link = page.Locator(".notice.good a");
        var id = (await link.TextContentAsync())!.Trim();
        var row = page.RowOf(id);
        await row.GetByRole(AriaRole.Button, new() { Name = "Pay" }).ClickAsync();
        await Expect(row.Locator(".badge")).ToHaveTextAsync("Completed");

        await link.ClickAsync();
        await Expect(page.Locator(".state.now")).ToHaveTextAsync("Completed");
        await Expect(page.Locator(".state.visited")).ToHaveTextAsync(["Submitted", "Awaiting payment", "Confirming"]);
        await Expect(page.Locator(".timeline li:not(.told) .title")).ToHaveTextAsync(["Order submitted", "Reserve stock", "Stock reserved", "Payment received", "Commit stock", "Stock committed"]);
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Stock" })).ToContainTextAsync("Committed");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Notifications" })).ToContainTextAsync("Order completed");
        await page.WasNotLoadedAgain();
        await page.Picture("order");
    }

    [Fact]
    public async Task When_an_order_is_cancelled_the_page_asks_why_and_the_audit_trail_tells()
    {
        var page = await system.SignedIn("hedy");
        var id = (await system.Orders.Place(Sample.Order("KETTLE"))).OrderId;
        await page.GotoAsync($"/orders/{id}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Cancel" }).ClickAsync();
        await Expect(page.GetByLabel("Reason, for the audit trail")).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByRole(AriaRole.Dialog)).ToContainTextAsync("Say why.");
        await page.Keyboard.TypeAsync("wrong colour");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.Locator(".state.now")).ToHaveTextAsync("Cancelled");
        await page.GetByRole(AriaRole.Link, new() { Name = "Audit trail" }).ClickAsync();
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = $"orders/{id}" });
        await Expect(row).ToContainTextAsync("hedy");
        await Expect(row).ToContainTextAsync("wrong colour");
        await Expect(row.Locator(".badge")).ToHaveTextAsync("Done");
    }

    [Fact]
    public async Task When_a_field_is_wrong_it_is_marked_and_says_why_and_a_products_price_comes_with_it()
    {
        var page = await system.SignedIn("joan");
        await page.GetByLabel("Product (SKU)").First.FillAsync("SCALE");
        await page.GetByLabel("Pieces").FillAsync("0");
        await Expect(page.GetByLabel("Price each")).ToHaveValueAsync("44.00");
        await page.GetByLabel("E-mail").FillAsync("joan");

        await page.GetByRole(AriaRole.Button, new() { Name = "Place order" }).ClickAsync();

        await Expect(page.GetByText("Nothing was placed")).ToBeVisibleAsync();
        await Expect(page.GetByLabel("Pieces")).ToHaveAttributeAsync("aria-invalid", "true");
        await Expect(page.Locator("#quantity-error-1")).ToHaveTextAsync("Must be 1 to 1000");
        await Expect(page.Locator("#email-error")).ToBeVisibleAsync();
        await Expect(page.Locator("#customer-error")).ToBeHiddenAsync();
        await page.IsAccessible();

        await page.GetByLabel("Pieces").FillAsync("1");
        await page.GetByLabel("E-mail").FillAsync("joan@example.com");
        await page.GetByRole(AriaRole.Button, new() { Name = "Place order" }).ClickAsync();
        await Expect(page.GetByText("Placed:")).ToBeVisibleAsync();
        await Expect(page.Locator("#quantity-error-1")).ToBeHiddenAsync();
    }

    [Fact]
    public async Task When_a_burst_is_placed_its_progress_is_seen_and_all_of_it_is_there()
    {
        var page = await system.SignedIn("joan");
        var sku = await system.Inventory.NewProduct(onHand: 100);
        await page.GetByLabel("Orders", new() { Exact = true }).FillAsync("40");
        await page.GetByLabel("A second").FillAsync("40");
        await page.Locator("#burst-sku").FillAsync(sku);

        await page.GetByRole(AriaRole.Button, new() { Name = "Place them" }).ClickAsync();

        await Expect(page.GetByText("40 of 40 accepted")).ToBeVisibleAsync();
        await Expect(page.GetByText("Of joan. Offered 40")).ToBeVisibleAsync();
        var other = await system.SignedIn("alan");
        await other.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Expect(other.GetByText("Only joan")).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear" }).ClickAsync();
        await Expect(other.GetByText("40 of 40 accepted")).ToBeHiddenAsync();
        await system.Eventually("40 pieces to have left the warehouse", token => system.Inventory.Get(sku, token), stock => stock is { OnHand: 60, Reserved: 0 });
    }
}
