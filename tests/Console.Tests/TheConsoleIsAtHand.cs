using System.Globalization;
using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

/// <summary>Keys, the person's own clock, and what can be copied.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class TheConsoleIsAtHand(ConsoleSystem system)
{
    [Fact]
    public async Task When_keys_are_pressed_they_lead_to_pages_to_the_search_and_to_the_list_of_keys()
    {
        var page = await system.SignedIn("ada");

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("f");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Flow", Exact = true })).ToBeVisibleAsync();

        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByLabel("Search", new() { Exact = true })).ToBeFocusedAsync();
        // In a box a key is a letter.
        await page.Keyboard.TypeAsync("gs?");
        await Expect(page.GetByLabel("Search", new() { Exact = true })).ToHaveValueAsync("gs?");

        await page.GetByLabel("Search", new() { Exact = true }).BlurAsync();
        await page.Keyboard.PressAsync("?");
        var keys = page.GetByRole(AriaRole.Dialog, new() { Name = "Keys" });
        await Expect(keys).ToBeVisibleAsync();
        await page.IsAccessible();
        await keys.GetByLabel("Keys are on").UncheckAsync();
        await page.Keyboard.PressAsync("Escape");
        await Expect(keys).ToBeHiddenAsync();

        // Who types by voice switches them off, and on again by the button.
        await page.Keyboard.PressAsync("?");
        await Expect(keys).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Keys" }).ClickAsync();
        await keys.GetByLabel("Keys are on").CheckAsync();
    }

    [Fact]
    public async Task When_the_browser_is_in_Tokyo_times_are_Tokyos_and_UTC_is_in_the_tip()
    {
        var order = await system.Orders.Place(Sample.Order("KETTLE"));
        var page = await system.SignedIn("ada", timeZone: "Asia/Tokyo");
        await page.GotoAsync($"/orders/{order.OrderId}");

        await Expect(page.GetByText("Asia/Tokyo")).ToBeVisibleAsync();
        var first = page.Locator(".timeline time").First;
        var at = DateTimeOffset.Parse((await first.GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture);
        await Expect(first).ToHaveTextAsync(at.ToOffset(TimeSpan.FromHours(9)).ToString("HH:mm:ss.fff", CultureInfo.InvariantCulture));
        await Expect(first).ToHaveAttributeAsync("title", at.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss.fff 'UTC'", CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task When_an_orders_id_is_copied_it_is_on_the_clipboard_whole()
    {
        var order = await system.Orders.Place(Sample.Order("KETTLE"));
        var page = await system.SignedIn("ada");
        await page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await page.GotoAsync($"/orders/{order.OrderId}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Copy the order's id" }).ClickAsync();

        await Expect(page.Locator("[data-copy] + [role=status]")).ToHaveTextAsync("Copied");
        Assert.Equal(order.OrderId.ToString(), await page.EvaluateAsync<string>("navigator.clipboard.readText()"));
    }
}
