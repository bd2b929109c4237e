using Aspire.Hosting.Testing;
using Microsoft.Playwright;

namespace OrderSample.Console.Tests.Running;

/// <summary>The whole system, and a browser to look at its console with: the system's own Chromium, without a window.</summary>
public class ConsoleSystem : OrderSystem, IAsyncLifetime
{
    /// <summary>As <see cref="OrderSystem.Deadline"/>, in the browser's milliseconds.</summary>
    private static readonly float Patience = (float)Deadline.TotalMilliseconds;

    private IPlaywright? _playwright;
    private IBrowser? _browser;

    /// <summary>The console's address.</summary>
    public Uri Address => App.GetEndpoint("backoffice");

    /// <summary>Customers are left all the time that a test needs to look.</summary>
    protected override string[] Settings =>
    [
        "--Saga:PaymentTimeout=00:10:00", "--Saga:StockTimeout=00:00:30", "--Reconciliation:Interval=1.00:00:00", "--Reconciliation:Grace=00:00:02",
        "--Messaging:Redelivery:Delays:0=00:00:01",
        "--Messaging:Outbox:MaxAttempts=8", "--Messaging:Outbox:FirstDelay=00:00:00.250", "--Messaging:Outbox:LongestDelay=00:00:01",
    ];

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = Chromium() });
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        await DisposeAsync();
    }

    /// <summary>The browser of somebody who has not signed in.</summary>
    public async Task<IPage> Anonymous(ColorScheme scheme = ColorScheme.Light, string timeZone = "UTC")
    {
        var context = await _browser!.NewContextAsync(new() { BaseURL = Address.ToString(), ColorScheme = scheme, TimezoneId = timeZone, ViewportSize = new() { Width = 1360, Height = 900 } });
        context.SetDefaultTimeout(Patience);
        Assertions.SetDefaultExpectTimeout(Patience);
        return await context.NewPageAsync();
    }

    /// <summary>The browser of somebody who has come in by a link, and sees the orders.</summary>
    public async Task<IPage> SignedIn(string name, string role = "Operator", ColorScheme scheme = ColorScheme.Light, string timeZone = "UTC")
    {
        var page = await Anonymous(scheme, timeZone);
        await page.GotoAsync($"/sign-in?token={await Backoffice.MakeToken(role)}");
        await page.GetByLabel("Your name").FillAsync(name);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Orders", Exact = true })).ToBeVisibleAsync();
        return page;
    }

    private static string Chromium() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, "chromium")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("Chromium is missing; ./test.sh installs it (Debian: apt-get install chromium).");
}

/// <summary>The same with two of each service, the console's too.</summary>
public sealed class ReplicatedConsoleSystem : ConsoleSystem
{
    /// <inheritdoc/>
    protected override string[] Settings => [.. base.Settings, "--replicas=2"];
}

/// <summary>Tests that share it. They run apart from all others: one system at a time is enough for a machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ReplicatedConsoleCollection : ICollectionFixture<ReplicatedConsoleSystem>
{
    public const string Name = "replicated console";
}

/// <summary>Tests that share it; they run one after another, because some of them break it.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<ConsoleSystem>
{
    public const string Name = "console";
}
