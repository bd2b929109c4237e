using System.Reflection;
using System.Text.Json;
using Microsoft.Playwright;

namespace OrderSample.Console.Tests.Running;

/// <summary>What the tests do with any page.</summary>
internal static class Pages
{
    private static readonly string AxeScript = typeof(Pages).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(x => x.Key == "AxeScript").Value!;

    private static readonly string[] Grave = ["serious", "critical"];

    /// <summary>Fails when axe finds a serious or critical problem. The script comes past the page's content security policy.</summary>
    public static async Task IsAccessible(this IPage page)
    {
        await page.EvaluateAsync(await File.ReadAllTextAsync(AxeScript));
        var result = await page.EvaluateAsync<JsonElement>("axe.run()");
        var violations =
            from violation in result.GetProperty("violations").EnumerateArray()
            where Grave.Contains(violation.GetProperty("impact").GetString())
            from node in violation.GetProperty("nodes").EnumerateArray()
            select $"{violation.GetProperty("id").GetString()}: {node.GetProperty("html").GetString()} {node.GetProperty("failureSummary").GetString()}";
        var found = violations.ToList();
        Assert.True(found.Count == 0, $"{page.Url}{Environment.NewLine}{string.Join(Environment.NewLine, found)}");
        Assert.NotEqual(0, result.GetProperty("passes").GetArrayLength());
    }

    /// <summary>Keeps a picture next to the tests' assembly, in <c>screenshots</c>.</summary>
    public static Task Picture(this IPage page, string name) =>
        page.ScreenshotAsync(new() { Path = Path.Combine(AppContext.BaseDirectory, "screenshots", $"{name}.png"), FullPage = true });

    /// <summary>Marks the page, so that <see cref="WasNotLoadedAgain"/> can tell.</summary>
    public static Task Mark(this IPage page) => page.EvaluateAsync("window.marked = true");

    /// <summary>Fails when the browser has loaded the page again since it was marked.</summary>
    public static async Task WasNotLoadedAgain(this IPage page) => Assert.True(await page.EvaluateAsync<bool>("window.marked === true"), "The page was loaded again.");
}
