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
        await inventory.GetByRole(AriaRole.Button, new() { Name = "Break" }).ClickAsync();
        await Expect(inventory.Locator(".badge")).ToHaveTextAsync($"fails on {sku}");

        var order = await system.Orders.Place(Sample.Order(sku));
        await page.GetByRole(AriaRole.Link, new() { Name = "Dead letters", Exact = true }).First.ClickAsync();
        var letters = page.GetByRole(AriaRole.Table, new() { Name = "Dead letters, newest first" });
        await letters.GetByRole(AriaRole.Row).Filter(new() { HasText = sku }).GetByRole(AriaRole.Link).First.ClickAsync();
        await Expect(page.GetByLabel("Body", new() { Exact = true }).Last).ToContainTextAsync(order.OrderId.ToString());
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Error" })).ToContainTextAsync("ChaosException");
        await page.Picture("dead-letter");
        var letter = new Uri(page.Url).AbsolutePath;
        var number = letter.Split('/')[^1];

        await Expect(page.GetByRole(AriaRole.Complementary, new() { Name = "Alerts" }).GetByText("dead letter")).ToHaveAttributeAsync("href", "/desk?status=Open");
        await page.GetByRole(AriaRole.Link, new() { Name = order.OrderId.ToString() }).ClickAsync();
        var story = page.GetByRole(AriaRole.Region, new() { Name = "Timeline" });
        await Expect(story).ToContainTextAsync($"ReserveStock failed: dead letter {number}");
        await Expect(story).ToContainTextAsync("ChaosException");
        await Expect(page.Locator($"[data-step='ReserveStock failed: dead letter {number}']")).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Stock" })).ToContainTextAsync($"ReserveStock failed: dead letter {number}");
        await page.Picture("order-failed");

        await page.GetByRole(AriaRole.Link, new() { Name = "Chaos" }).ClickAsync();
        await inventory.GetByRole(AriaRole.Button, new() { Name = "Restore" }).ClickAsync();
        await Expect(inventory.Locator(".badge")).ToHaveTextAsync("Normal");
        await page.GotoAsync(letter);
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay" }).ClickAsync();
        await page.GetByLabel("Reason, for the audit trail").FillAsync("the product is mended");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Operator actions" })).ToContainTextAsync("the product is mended");
        await Expect(page.Locator(".facts .badge")).ToHaveTextAsync("Handled");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Summary" })).ToContainTextAsync("by endpoint inventory-reservations");
        await page.GotoAsync($"/orders/{order.OrderId}");
        await Expect(story).ToContainTextAsync("ReserveStock replayed by lise");
        await Expect(story).ToContainTextAsync("ReserveStock handled by inventory-reservations");
        await Expect(story).ToContainTextAsync("Stock reserved");
        await page.Picture("order-replayed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pay" }).ClickAsync();
        await Expect(page.Locator(".state.now")).ToHaveTextAsync("Completed");
    }
}
