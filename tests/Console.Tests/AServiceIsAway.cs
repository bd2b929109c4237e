using System.Text.RegularExpressions;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class AServiceIsAway(ConsoleSystem system)
{
    [Fact]
    public async Task When_the_order_service_is_stopped_the_page_says_so_keeps_what_it_knows_and_goes_on_when_it_is_back()
    {
        var order = await system.Orders.Place(Sample.Order("KETTLE"));
        var page = await system.SignedIn("ada");
        var row = page.RowOf(order.OrderId);
        await Expect(row).ToBeVisibleAsync();
        await page.Mark();
        // Looks at what nobody else does, and away again.
        const string OnlyHers = "/orders?size=50";
        var late = await system.SignedIn("eve");
        // In the place of the browser's own notifications.
        var notified = new List<string>();
        await late.ExposeFunctionAsync<string, bool>("noteNotification", text =>
        {
            notified.Add(text);
            return true;
        });
        await late.AddInitScriptAsync("""
            globalThis.Notification = class {
                static permission = "default";
                static async requestPermission() { noteNotification("asked"); return Notification.permission = "granted"; }
                constructor(_, { body }) { noteNotification(body); }
            }
            """);
        await late.GotoAsync(OnlyHers);
        await Expect(late.RowOf(order.OrderId)).ToBeVisibleAsync();
        await late.GetByRole(AriaRole.Link, new() { Name = "Stock" }).ClickAsync();
        await Expect(late.GetByRole(AriaRole.Heading, new() { Name = "Stock", Level = 1 })).ToBeVisibleAsync();
        // The browser is asked when she presses the button, and not before.
        Assert.Empty(notified);
        await late.GetByRole(AriaRole.Button, new() { Name = "Notify me" }).ClickAsync();
        await Expect(late.GetByRole(AriaRole.Button, new() { Name = "Stop notifying me" })).ToBeFocusedAsync();

        await system.Stop("order-service");
        await Expect(page.GetByText("order-service can't be reached")).ToBeVisibleAsync();
        await Expect(row).ToBeVisibleAsync();
        var strip = page.GetByRole(AriaRole.Complementary, new() { Name = "Alerts" });
        await Expect(strip).ToContainTextAsync("order-service is away");
        await Expect(page).ToHaveTitleAsync(new Regex(@"^\(\d+\) Orders"));
        // A page that is opened now has what was known before, and says of when that is.
        await Expect(late.GetByRole(AriaRole.Complementary, new() { Name = "Alerts" })).ToContainTextAsync("order-service is away");
        await system.Eventually("a notification", _ => Task.FromResult(notified.LastOrDefault()), last => last?.Contains("order-service is away", StringComparison.Ordinal) == true);
        Assert.Equal("asked", notified[0]);
        await late.GotoAsync(OnlyHers);
        await Expect(late.GetByText("What is shown is as of")).ToBeVisibleAsync();
        await Expect(late.RowOf(order.OrderId)).ToBeVisibleAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Place order" }).ClickAsync();
        await Expect(page.GetByText("so nobody knows whether it was done")).ToBeVisibleAsync();
        await page.Picture("orders-away");

        Assert.True((await system.App.ResourceCommands.ExecuteCommandAsync("order-service", KnownResourceCommands.StartCommand).WaitAsync(OrderSystem.Deadline)).Success);
        await Expect(page.GetByText("order-service can't be reached")).ToBeHiddenAsync();
        await Expect(page.GetByText("order-service is away")).ToBeHiddenAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Place order" }).ClickAsync();
        var id = (await page.Locator(".notice.good a").TextContentAsync())!.Trim();
        await page.WasNotLoadedAgain();

        // Nobody knew whether the first attempt had arrived; so the second one was for the same order.
        await page.GetByRole(AriaRole.Link, new() { Name = "Audit trail" }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = $"orders/{id}" })).ToHaveCountAsync(2);
    }
}
