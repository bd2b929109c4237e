using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class TheBrokerIsAway(ConsoleSystem system)
{
    [Fact]
    public async Task When_it_is_stopped_the_flow_page_says_why_delivery_pauses_and_the_order_how_long_it_waited()
    {
        var page = await system.SignedIn("olga");
        await page.GotoAsync("/flow");
        var outbox = page.GetByRole(AriaRole.Table, new() { Name = "What waits in each service's outbox" })
            .GetByRole(AriaRole.Row).Filter(new() { HasText = "order-service" });
        await Expect(outbox).ToContainTextAsync("goes on");
        PlacedOrder order;
        await system.Stop("rabbitmq");
        try
        {
            order = await system.Orders.Place(Sample.Order("KETTLE"));
            await Expect(outbox).ToContainTextAsync("paused");
            await Expect(outbox).ToContainTextAsync("can't be reached");
            await Expect(page.Locator(".flow")).ToContainTextAsync(new Regex(@"outbox\s*[1-9]"));
            await Expect(page.Locator(".flow")).ToContainTextAsync("paused");
            await page.Picture("flow-broker-away");
        }
        finally
        {
            await system.Start("rabbitmq");
        }

        await Expect(outbox).ToContainTextAsync("goes on");
        await page.GotoAsync($"/orders/{order.OrderId}");
        var wait = page.Locator(".sequence .step-wait").Filter(new() { HasTextRegex = new Regex(@"Order submitted: \d+\.\d s in the outbox") });
        // A line straight down has no width, and counts as hidden.
        await Expect(wait.Locator(".gap")).ToHaveCountAsync(1);
        await page.Picture("order-waited-in-the-outbox");
    }
}
