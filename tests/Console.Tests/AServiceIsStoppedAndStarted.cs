using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class AServiceIsStoppedAndStarted(ConsoleSystem system)
{
    [Fact]
    public async Task When_the_inventory_is_stopped_on_the_page_an_order_waits_and_completes_after_it_is_started_there()
    {
        var page = await system.SignedIn("iris");
        await page.GotoAsync("/chaos");
        var inventory = page.GetByRole(AriaRole.Table, new() { Name = "What can be stopped and started" })
            .GetByRole(AriaRole.Row).Filter(new() { HasText = "inventory-service" });
        var start = inventory.GetByRole(AriaRole.Button, new() { Name = "Start inventory-service" });
        await inventory.GetByRole(AriaRole.Button, new() { Name = "Stop inventory-service" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Stop" }).ClickAsync();
        await Expect(start).ToBeEnabledAsync();
        await Expect(inventory).ToContainTextAsync("Stopped by iris");
        try
        {
            await Expect(page.GetByRole(AriaRole.Region, new() { Name = "inventory-service" })).ToContainTextAsync("can't be reached");
            await page.Picture("chaos-inventory-stopped");

            var order = (await system.Orders.Place(Sample.Order("KETTLE"))).OrderId;
            var other = await system.SignedIn("kay");
            await other.GotoAsync($"/orders/{order}");
            await Expect(other.Locator(".state.now")).ToHaveTextAsync("Submitted");
            await other.GotoAsync("/flow");
            var queue = other.GetByRole(AriaRole.Row).Filter(new() { HasText = "inventory-reservations" }).First;
            await Expect(queue.GetByRole(AriaRole.Cell).First).ToHaveTextAsync("1");
            await Expect(other.Locator(".totals")).ToContainTextAsync("Submitted");
            await other.Picture("flow-inventory-stopped");

            await start.ClickAsync();
            await other.GotoAsync($"/orders/{order}");
            await Expect(other.Locator(".state.now")).ToHaveTextAsync("Awaiting payment");
            await other.GetByRole(AriaRole.Button, new() { Name = "Pay" }).ClickAsync();
            await Expect(other.Locator(".state.now")).ToHaveTextAsync("Completed");
            await Expect(page.GetByRole(AriaRole.Region, new() { Name = "inventory-service" })).ToContainTextAsync("Normal");
        }
        finally
        {
            if (await start.IsEnabledAsync())
                await system.Start("inventory-service");
        }
    }

    [Fact]
    public async Task When_a_service_is_killed_the_page_says_that_it_crashed_and_runs_again_when_it_is_started()
    {
        var page = await system.SignedIn("iris");
        await page.GotoAsync("/chaos");
        var notifications = page.GetByRole(AriaRole.Table, new() { Name = "What can be stopped and started" })
            .GetByRole(AriaRole.Row).Filter(new() { HasText = "notification-service" });
        await Expect(notifications).ToContainTextAsync("Running");
        await system.Kill("notification-service");
        try
        {
            await Expect(notifications).ToContainTextAsync("Crashed by a signal since");
            await page.Picture("chaos-notifications-crashed");
        }
        finally
        {
            await system.Start("notification-service");
        }

        await Expect(notifications).ToContainTextAsync("Running");
    }
}
