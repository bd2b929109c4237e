using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace OrderSample.Console.Tests.Running;

/// <summary>What the tests do with any page.</summary>
internal static class Pages
{
    /// <summary>Widest page that is laid out for a phone, in pixels.</summary>
    private const int Phone = 760;

    private static readonly string[] Grave = ["serious", "critical"];

    /// <summary>Of the rest, which is most of a page, one example is enough.</summary>
    private static readonly AxeRunOptions Violations = new() { ResultTypes = [ResultType.Violations] };

    /// <summary>Fails when axe finds a serious or critical problem.</summary>
    public static async Task IsAccessible(this IPage page)
    {
        // RunAxeLegacy is obsolete, but works in the page itself. RunAxe opens a new page for each result, which is a process, for the sake of frames of other origins;
        // there are none, and it took two and a half times as long.
#pragma warning disable CS0618
        var result = await page.Locator("html").RunAxeLegacy(Violations);
#pragma warning restore CS0618
        var found = (
            from violation in result.Violations
            where Grave.Contains(violation.Impact)
            from node in violation.Nodes
            select $"{violation.Id}: {node.Html} {string.Join(' ', node.Any.Concat(node.All).Concat(node.None).Select(x => x.Message))}").ToList();
        Assert.True(found.Count == 0, $"{page.Url}{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
        Assert.NotEmpty(result.Passes);
        // Axe asks this of a page as a whole only: so it was not given a part. While a dialog is open there is nothing that it could be asked of.
        Assert.Contains(result.Passes.Concat(result.Inapplicable), rule => rule.Id == "bypass");
    }

    /// <summary>The row of an order, whose id a list shows shortened.</summary>
    public static ILocator RowOf(this IPage page, object orderId) =>
        page.GetByRole(AriaRole.Row).Filter(new() { Has = page.Locator($"a[href='/orders/{orderId}']") });

    /// <summary>What is wrong with a page that has to be moved sideways as a whole; a wide table does that in its own frame. Null for one that fits.</summary>
    public static async Task<string?> SticksOut(this IPage page)
    {
        var (needs, has) = (await page.EvaluateAsync<int>("document.documentElement.scrollWidth"), page.ViewportSize!.Width);
        if (needs > has)
            return $"{page.Url} needs {needs} pixels of {has}.";
        // On a phone a row is a card; what can be done to it must not lie beyond the edge.
        var hidden = await page.Locator(".table-frame:has(.cards)").EvaluateAllAsync<int>("frames => frames.filter(frame => frame.scrollWidth > frame.clientWidth).length");
        return has > Phone || hidden == 0 ? null : $"{page.Url} has {hidden} tables that have to be moved sideways on a phone.";
    }

    /// <summary>Keeps a picture next to the tests' assembly, in <c>screenshots</c>.</summary>
    public static Task Picture(this IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"{name}.png"), FullPage = true });

    /// <summary>Marks the page, so that <see cref="WasNotLoadedAgain"/> can tell.</summary>
    public static Task Mark(this IPage page) => page.EvaluateAsync("window.marked = true");

    /// <summary>Fails when the browser has loaded the page again since it was marked.</summary>
    public static async Task WasNotLoadedAgain(this IPage page) => Assert.True(await page.EvaluateAsync<bool>("window.marked === true"), "The page was loaded again.");
}
