using Microsoft.Playwright;
using OrderSample.Cluster.Tests.Running;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Cluster.Tests;

[Collection(ReplicatedCollection.Name)]
public sealed class TheConsoleRunsTwice(ReplicatedSystem system)
{
    /// <summary>Page and live connection are two connections, each of which may lead to either replica.</summary>
    [Fact]
    public async Task When_each_replica_is_killed_in_turn_an_open_page_goes_on_at_the_other_one()
    {
        await using var browser = await ConsoleBrowser.Launch(system);
        var page = await browser.SignedIn("grace");
        for (var load = 0; load < 6; load++)
        {
            await page.ReloadAsync();
            await IsLive(page);
        }

        foreach (var (replica, process) in await system.Running("backoffice", replicas: 2))
        {
            await system.KillReplica(replica, process);
            await IsLive(page);
            await system.StartReplica(replica);
        }
    }

    /// <summary>An order that is placed elsewhere comes up on the page, without anybody doing anything to it.</summary>
    private async Task IsLive(IPage page)
    {
        var order = (await system.Orders.Place(Sample.Order("KETTLE"))).OrderId;
        try
        {
            await Expect(page.Locator($"tr a[href='/orders/{order}']")).ToBeVisibleAsync();
        }
        catch (PlaywrightException exception)
        {
            throw new Xunit.Sdk.XunitException($"{exception.Message}{system.LastLines()}", exception);
        }
    }
}
