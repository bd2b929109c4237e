using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class AParkedMessageIsSentAgain(ConsoleSystem system)
{
    private const string Queue = "inventory-reservations";

    [Fact]
    public async Task When_its_queue_is_back_one_is_sent_again_on_the_page_and_the_order_goes_on_and_one_is_discarded()
    {
        using var broker = await Broker.Of(system.App);
        var page = await system.SignedIn("mary");
        PlacedOrder order, other;
        // While it runs it binds its queue again.
        await system.Stop("inventory-service");
        await broker.Unbind(Queue);
        try
        {
            order = await system.Orders.Place(Sample.Order("KETTLE"));
            other = await system.Orders.Place(Sample.Order("KETTLE"));
            await page.GotoAsync("/parked");
            await Expect(Message(page, order)).ToBeVisibleAsync();
            await Expect(Message(page, other)).ToBeVisibleAsync();
            await Expect(Message(page, order)).ToContainTextAsync("No queue is bound");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "notification-service" })).ToBeHiddenAsync();
            await page.IsAccessible();
            await page.Picture("parked-two");
        }
        finally
        {
            await system.Start("inventory-service");
        }

        await Decide(page, order, "Send again", "its queue is back");
        await page.GotoAsync($"/orders/{order.OrderId}");
        await Expect(page.Locator(".state.now")).ToHaveTextAsync("Awaiting payment");

        await page.GotoAsync("/parked");
        await Decide(page, other, "Discard", "not wanted");
        await page.ReloadAsync();
        await Expect(page.Locator(".empty-state")).ToHaveCountAsync(1);
        await page.GotoAsync("/audit");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "its queue is back" })).ToContainTextAsync("mary");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "not wanted" })).ToContainTextAsync("Discarded");
    }

    private static ILocator Message(IPage page, PlacedOrder order) =>
        page.GetByRole(AriaRole.Row).Filter(new() { HasText = order.OrderId.ToString() }).First;

    /// <summary>Does it, and sees the message go.</summary>
    private static async Task Decide(IPage page, PlacedOrder order, string action, string reason)
    {
        var rows = page.GetByRole(AriaRole.Row).Filter(new() { HasText = order.OrderId.ToString() });
        await Expect(rows.First).ToBeVisibleAsync();
        var before = await rows.CountAsync();
        await rows.First.GetByRole(AriaRole.Button, new() { Name = action }).ClickAsync();
        await page.GetByLabel("Reason, for the audit trail").FillAsync(reason);
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = action }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(before - 1);
    }
}
