using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class StockIsCounted(ConsoleSystem system)
{
    [Fact]
    public async Task When_a_product_is_restocked_on_the_page_the_list_and_the_audit_trail_tell()
    {
        var sku = await system.Inventory.NewProduct(onHand: 3);
        var page = await system.SignedIn("nora");
        await page.GotoAsync("/stock");
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = sku }).First;

        await row.GetByRole(AriaRole.Button, new() { Name = $"Restock {sku}" }).ClickAsync();
        await Expect(page.GetByLabel("Pieces on hand")).ToBeFocusedAsync();
        await page.GetByLabel("Pieces on hand").FillAsync("12");
        await page.GetByLabel("Reason, for the audit trail").FillAsync("a pallet came");
        await page.Keyboard.PressAsync("Enter");

        await Expect(row.Locator("td.number").First).ToHaveTextAsync("12");
        Assert.Equal(12, (await system.Inventory.Get(sku)).OnHand);
        await page.GotoAsync("/audit");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = $"stock/{sku}" })).ToContainTextAsync("a pallet came");

        await page.GetByLabel("Search").FillAsync($"STOCK/{sku}".ToUpperInvariant());
        await page.Keyboard.PressAsync("Enter");
        await Expect(page).ToHaveURLAsync(new Regex("/audit[?]search="));
        await Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Expect(page.Locator("tbody tr")).ToContainTextAsync("a pallet came");
        await page.GetByRole(AriaRole.Link, new() { Name = "nora" }).ClickAsync();
        await Expect(page.Locator("tbody tr").Filter(new() { HasText = "Signed in" })).ToContainTextAsync("nora");
        await page.GotoAsync("/audit?search=nobody-ever-did-this");
        await Expect(page.Locator(".empty-state")).ToContainTextAsync("Nothing was found");
    }
}
