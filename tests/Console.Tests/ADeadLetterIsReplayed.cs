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
        await page.GetByRole(AriaRole.Button, new() { Name = "Replay", Exact = true }).ClickAsync();
        await page.GetByLabel("Reason, for the audit trail").FillAsync("the product is mended");
        await page.Keyboard.PressAsync("Enter");

        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Timeline" })).ToContainTextAsync("the product is mended");
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

    [Fact]
    public async Task When_its_message_is_edited_the_order_gets_what_the_edited_one_says_and_both_are_on_the_desk()
    {
        var page = await system.SignedIn("grace");
        var (wrong, right) = (await system.Inventory.NewProduct(onHand: 10), await system.Inventory.NewProduct(onHand: 10));
        await using var chaos = new Chaos(system, "inventory-service");
        await chaos.Set(new { failSku = wrong });
        var order = await system.Orders.Place(Sample.Order(wrong));
        await page.GotoAsync("/desk?status=Open");
        await page.GetByRole(AriaRole.Table, new() { Name = "Dead letters, newest first" }).GetByRole(AriaRole.Row).Filter(new() { HasText = wrong }).GetByRole(AriaRole.Link).First.ClickAsync();
        var old = new Uri(page.Url).AbsolutePath;

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit and replay" }).ClickAsync();
        var message = page.GetByLabel("Message", new() { Exact = true });
        var body = await message.InputValueAsync();
        await message.FillAsync("{ no JSON");
        await page.GetByLabel("Reason, for the audit trail").First.FillAsync("the product's number was mistyped");
        var send = page.GetByRole(AriaRole.Button, new() { Name = "Send the edited message" });
        await send.ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "must be a JSON object" })).ToBeVisibleAsync();
        await page.Picture("dead-letter-edited");
        foreach (var width in (int[])[390, 1360])
        {
            await page.SetViewportSizeAsync(width, 900);
            Assert.Null(await page.SticksOut());
            await page.IsAccessible();
        }

        await message.FillAsync(body.Replace(wrong, right, StringComparison.Ordinal));
        await send.ClickAsync();

        var summary = page.GetByRole(AriaRole.Region, new() { Name = "Summary" });
        await Expect(summary).ToContainTextAsync("Edited from");
        await Expect(summary.Locator(".badge")).ToHaveTextAsync("Handled");
        await Expect(page.GetByLabel("Body", new() { Exact = true }).Last).ToContainTextAsync(right);
        Assert.Equal(1, (await system.Inventory.Get(right)).Reserved);
        await summary.GetByRole(AriaRole.Link, new() { Name = "Dead letter" }).ClickAsync();
        await Expect(page).ToHaveURLAsync(new System.Text.RegularExpressions.Regex($"{old}$"));
        await Expect(summary.Locator(".badge")).ToHaveTextAsync("Replaced");
        await Expect(page.GetByLabel("Body", new() { Exact = true }).Last).ToContainTextAsync(wrong);

        await page.GotoAsync($"/orders/{order.OrderId}?view=compact");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Timeline" })).ToContainTextAsync("ReserveStock edited by grace");
        await Expect(page.GetByRole(AriaRole.Region, new() { Name = "Messages" })).ToHaveCountAsync(0);
        await page.GetByRole(AriaRole.Link, new() { Name = "JSON" }).ClickAsync();
        await Expect(page.GetByLabel("The order as JSON", new() { Exact = true })).ToContainTextAsync(order.OrderId.ToString());
    }
}
