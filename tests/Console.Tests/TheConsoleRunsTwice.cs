using System.Diagnostics;
using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

[Collection(ReplicatedConsoleCollection.Name)]
public sealed class TheConsoleRunsTwice(ReplicatedConsoleSystem system)
{
    /// <summary>Page and live connection are two connections, each of which may lead to either replica.</summary>
    [Fact]
    public async Task When_each_replica_is_killed_in_turn_an_open_page_goes_on_at_the_other_one()
    {
        var page = await system.SignedIn("grace");
        for (var load = 0; load < 6; load++)
        {
            await page.ReloadAsync();
            await IsLive(page);
        }

        foreach (var (replica, process) in await Replicas())
        {
            using (var backoffice = Process.GetProcessById(process))
                backoffice.Kill();
            await HasState(replica, KnownResourceStates.Finished);
            await IsLive(page);

            using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
            Assert.True((await system.App.ResourceCommands.ExecuteCommandAsync(replica, KnownResourceCommands.StartCommand, timeout.Token)).Success);
            await system.App.ResourceNotifications.WaitForResourceAsync("backoffice", x => x.ResourceId == replica
                && x.Snapshot.HealthStatus == Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy, timeout.Token);
        }
    }

    /// <summary>An order that is placed elsewhere comes up on the page, without anybody doing anything to it.</summary>
    private async Task IsLive(IPage page)
    {
        var order = (await system.Orders.Place(Sample.Order("KETTLE"))).OrderId;
        await Expect(page.RowOf(order)).ToBeVisibleAsync();
    }

    private async Task<Dictionary<string, int>> Replicas()
    {
        var replicas = new Dictionary<string, int>();
        using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
        await system.App.ResourceNotifications.WaitForResourceAsync("backoffice", x =>
        {
            if (x.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value is { } process)
                replicas[x.ResourceId] = Convert.ToInt32(process, CultureInfo.InvariantCulture);
            return replicas.Count == 2;
        }, timeout.Token);
        return replicas;
    }

    private async Task HasState(string replica, string state)
    {
        using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
        await system.App.ResourceNotifications.WaitForResourceAsync("backoffice", x => x.ResourceId == replica && x.Snapshot.State?.Text == state, timeout.Token);
    }
}
