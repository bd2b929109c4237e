using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class ADeadLetterIsReplayed(ConsoleSystem system)
{
    [Fact]
    public async Task When_a_poison_sku_makes_a_dead_letter_its_replay_after_the_cure_completes_the_order()
    {
        var page = await system.SignedIn("lise");
        var sku = await system.Inventory.NewProduct(onHand: 10);
        await page.GotoAsync("/chaos");
        var inventory = page.GetByRole(AriaRole.Region, new() { Name = "inventory-service" });
        await inventory.GetByLabel("Poison SKU").FillAsync(sku);
        await inventory.GetByRole(AriaRole.Button, new() { Name = "Misbehave" }).ClickAsync();
        await Expect(inventory.Locator(".badge")).ToHaveTextAsync($"fails on {sku}");

        var order = await system.Orders.Place(Sample.Order(sku));
        await page.GetByRole(AriaRole.Link, new() { Name = "Dead letters", Exact = true }).First.ClickAsync();
        var letters = page.GetByRole(AriaRole.Table, new() { Name = "Dead letters, newest first" });
        await letters.GetByRole(AriaRole.Row).Filter(new() { HasText = sku }).GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(page.GetByLabel("Body", new() { Exact = true }).Last).ToContainTextAsync(order.OrderId.ToString());
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "What went wrong" })).ToContainTextAsync("ChaosException");
        await page.Picture("dead-letter");
        var letter = new Uri(page.Url).AbsolutePath;

        await page.GetByRole(AriaRole.Link, new() { Name = "Chaos" }).ClickAsync();
        await inventory.GetByRole(AriaRole.Button, new() { Name = "Behave well" }).ClickAsync();
        await Expect(inventory.Locator(".badge")).ToHaveTextAsync("Behaves well");
        await page.GotoAsync(letter);
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay" }).ClickAsync();
        await page.GetByLabel("Reason, for the audit trail").FillAsync("the product is mended");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "What people did" })).ToContainTextAsync("the product is mended");
        await Expect(page.Locator(".facts .badge")).ToHaveTextAsync("Replayed");
        await page.GotoAsync($"/orders/{order.OrderId}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay" }).ClickAsync();
        await Expect(page.Locator(".state.now")).ToHaveTextAsync("Completed");
    }
}
