using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class TheBrokerIsAway(ConsoleSystem system)
{
    [Fact]
    public async Task When_it_is_stopped_the_flow_page_says_that_delivery_pauses_and_why_until_it_is_back()
    {
        var page = await system.SignedIn("olga");
        await page.GotoAsync("/flow");
        var outbox = page.GetByRole(AriaRole.Table, new() { Name = "What waits in each service's outbox" })
            .GetByRole(AriaRole.Row).Filter(new() { HasText = "order-service" });
        await Expect(outbox).ToContainTextAsync("goes on");
        await system.Stop("rabbitmq");
        try
        {
            await system.Orders.Place(Sample.Order("KETTLE"));
            await Expect(outbox).ToContainTextAsync("paused");
            await Expect(outbox).ToContainTextAsync("can't be reached");
            await Expect(page.Locator(".flow")).ToContainTextAsync(new System.Text.RegularExpressions.Regex(@"outbox\s*[1-9]"));
            await Expect(page.Locator(".flow")).ToContainTextAsync("paused");
            await page.Picture("flow-broker-away");
        }
        finally
        {
            await system.Start("rabbitmq");
        }

        await Expect(outbox).ToContainTextAsync("goes on");
    }
}
