using Microsoft.Playwright;
using OrderSample.Console.Tests.Running;
using static Microsoft.Playwright.Assertions;

namespace OrderSample.Console.Tests;

/// <summary>Axe finds nothing serious, in light and dark, and nothing sticks out sideways; each page leaves a picture.</summary>
[Collection(ConsoleCollection.Name)]
public sealed class EveryPageIsAccessible(ConsoleSystem system)
{
    /// <summary>The address of each page, and what is to be seen before it is looked at.</summary>
    private static readonly (string Path, string Seen)[] All =
    [
        ("/orders", "table tbody tr"), ("/audit", "table tbody tr"), ("/access", "table tbody tr"), ("/sign-out", "form"), ("/not-found", ".empty-state"),
        ("/stock", "table tbody tr"), ("/flow", ".flow .queue"), ("/desk", ".empty-state, table tbody tr"), ("/parked", ".empty-state"),
        ("/reconciliation", ".empty-state, table tbody tr"), ("/chaos", ".badge.good"), ("/lab", ".lab-cards li"), ("/lab/poison-message", ".lab-steps li"), ("/handbook", "pre"), ("/handbook/dead-letters", "pre"), ("/handbook/quorum-queues", "figure img"),
    ];

    /// <summary>A phone, a projector, a screen; in pixels.</summary>
    private static readonly int[] Widths = [390, 1280, 1440];

    [Theory]
    [InlineData(ColorScheme.Light)]
    [InlineData(ColorScheme.Dark)]
    public async Task Axe_finds_no_serious_issue(ColorScheme scheme)
    {
        var order = await system.Orders.Place(Sample.Order("KETTLE"));
        await system.Orders.Reaches(order.OrderId, "AwaitingPayment");
        var page = await system.SignedIn("ada", scheme: scheme);
        var tooWide = new List<string>();
        foreach (var (path, seen) in All.Append(($"/orders/{order.OrderId}", ".timeline li")))
        {
            await page.GotoAsync(path);
            await Expect(page.Locator(seen).First).ToBeVisibleAsync();
            foreach (var width in Widths)
            {
                await page.SetViewportSizeAsync(width, 900);
                await page.IsAccessible();
                if (await page.SticksOut() is { } problem)
                    tooWide.Add(problem);
            }

            await page.Picture($"{path.Trim('/').Replace('/', '-').Replace($"-{order.OrderId}", "-one", StringComparison.Ordinal)}-{scheme}".ToLowerInvariant());
        }

        Assert.Empty(tooWide);

        var stranger = await system.Anonymous(scheme);
        await stranger.GotoAsync($"/sign-in?token={await system.Backoffice.MakeToken("Viewer")}");
        await stranger.IsAccessible();
        await stranger.Picture($"sign-in-{scheme}".ToLowerInvariant());
    }
}
