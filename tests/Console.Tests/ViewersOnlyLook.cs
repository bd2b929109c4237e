using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class ViewersOnlyLook(ConsoleSystem system)
{
    [Fact]
    public async Task When_nobody_is_signed_in_every_page_leads_to_the_sign_in()
    {
        var page = await system.Anonymous();
        foreach (var path in new[] { "/", "/orders", "/stock", "/flow", "/desk", "/parked", "/reconciliation", "/chaos", "/lab", "/handbook", "/audit", "/access" })
        {
            await page.GotoAsync(path);
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
        }
    }

    [Fact]
    public async Task When_a_viewer_looks_at_an_order_its_buttons_are_off_and_say_why()
    {
        var order = await system.Orders.Place(Sample.Order("KETTLE"));
        var page = await system.SignedIn("vera", "Viewer");
        await page.GotoAsync($"/orders/{order.OrderId}");

        var pay = page.GetByRole(AriaRole.Button, new() { Name = "Pay" });
        await Expect(pay).ToBeDisabledAsync();
        await Expect(pay).ToHaveAttributeAsync("title", "Only operators may do this.");
        await Expect(page.GetByText("You are here as a viewer")).ToBeVisibleAsync();
    }
}
