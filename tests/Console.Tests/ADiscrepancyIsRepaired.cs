using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ConsoleCollection.Name)]
public sealed class ADiscrepancyIsRepaired(ConsoleSystem system)
{
    [Fact]
    public async Task When_a_notification_is_deleted_the_run_that_is_started_on_the_page_shows_it_repaired()
    {
        var order = await system.Orders.Place(Sample.Order("KETTLE"));
        await system.Orders.Reaches(order.OrderId, "AwaitingPayment");
        using (var paid = await system.Orders.Pay(order.OrderId, order.Total))
            paid.EnsureSuccessStatusCode();
        await system.Orders.Reaches(order.OrderId, "Completed");
        await system.Notifications.MustBe(order.OrderId, "OrderReserved", "OrderCompleted");
        // From here on the order is old enough to be looked at.
        await new ReconciliationApi(system).RunPast(order.OrderId);
        var old = DateTimeOffset.UtcNow.AddSeconds(5);
        await system.Eventually("all that happened to it to be known to have arrived", _ => Task.FromResult(DateTimeOffset.UtcNow), now => now > old);
        await system.Sql("notifications-db", """DELETE FROM "Notifications" WHERE "OrderId" = $1 AND "Kind" = 'OrderCompleted' AND "Channel" = 'Email'""", order.OrderId);

        var page = await system.SignedIn("mary");
        await page.GotoAsync("/reconciliation");
        await page.GetByRole(AriaRole.Button, new() { Name = "Run now" }).ClickAsync();

        var report = page.GetByRole(AriaRole.Region, new() { Name = "Report" });
        var found = report.GetByRole(AriaRole.Row).Filter(new() { HasText = order.OrderId.ToString() });
        await Expect(found).ToContainTextAsync("Notification missing");
        await Expect(report).ToContainTextAsync("Lists 1 of ");
        await Expect(found.Locator(".badge")).ToHaveTextAsync("Publish events");
        await Expect(report.Locator(".facts .badge")).ToHaveTextAsync("Completed");
        await system.Notifications.MustBe(order.OrderId, "OrderReserved", "OrderCompleted");
        await page.Picture("reconciliation-repaired");
    }
}
