using Aspire.Hosting.Testing;
using Microsoft.Playwright;

namespace OrderSample.Console.Tests.Running;

/// <summary>A browser to look at a system's console with: the machine's own Chromium, without a window.</summary>
public sealed class ConsoleBrowser : IAsyncDisposable
{
    /// <summary>As <see cref="OrderSystem.Deadline"/>, in the browser's milliseconds.</summary>
    private static readonly float Patience = (float)OrderSystem.Deadline.TotalMilliseconds;

    private readonly OrderSystem _system;
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private ConsoleBrowser(OrderSystem system, IPlaywright playwright, IBrowser browser) => (_system, _playwright, _browser) = (system, playwright, browser);

    public static async Task<ConsoleBrowser> Launch(OrderSystem system)
    {
        var playwright = await Playwright.CreateAsync();
        return new ConsoleBrowser(system, playwright, await playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium() }));
    }

    /// <summary>The console's address.</summary>
    public Uri Address => _system.App.GetEndpoint("backoffice");

    /// <summary>Somebody who has not signed in.</summary>
    public async Task<IPage> Anonymous(ColorScheme scheme = ColorScheme.Light, string timeZone = "UTC")
    {
        // Without motion: in the middle of a change of colour axe sees one that nobody ever does.
        var context = await _browser.NewContextAsync(new()
        {
            BaseURL = Address.ToString(), ColorScheme = scheme, ReducedMotion = ReducedMotion.Reduce, TimezoneId = timeZone, ViewportSize = new() { Width = 1360, Height = 900 },
        });
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        return await context.NewPageAsync();
    }

    /// <summary>Somebody who has come in by a link, and sees the orders.</summary>
    public async Task<IPage> SignedIn(string name, string role = "Operator", ColorScheme scheme = ColorScheme.Light, string timeZone = "UTC")
    {
        var page = await Anonymous(scheme, timeZone);
        await page.GotoAsync($"/sign-in?token={await _system.Backoffice.MakeToken(role)}");
        await page.GetByLabel("Your name").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Orders", Exact = true })).ToBeVisibleAsync();
        return page;
    }

    /// <summary>Closes all pages: one that nobody looks at any more would still be kept up to date, and painted.</summary>
    public Task CloseAll() => Task.WhenAll(_browser.Contexts.Select(context => context.CloseAsync()));

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    private static string Chromium() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("Chromium is missing; ./test.sh installs it (Debian: apt-get install chromium).");
}
