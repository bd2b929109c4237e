using Microsoft.Playwright;

namespace OrderSample.Console.Tests.Running;

/// <summary>The whole system, and a browser to look at its console with.</summary>
public sealed class ConsoleSystem : OrderSystem, IAsyncLifetime
{
    private ConsoleBrowser? _browser;

    /// <summary>The console's address.</summary>
    public Uri Address => _browser!.Address;

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
        _browser = await ConsoleBrowser.Launch(this);
    }

    async Task IAsyncLifetime.DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        await DisposeAsync();
    }

    /// <inheritdoc cref="ConsoleBrowser.Anonymous"/>
    public Task<IPage> Anonymous(ColorScheme scheme = ColorScheme.Light) => _browser!.Anonymous(scheme);

    /// <inheritdoc cref="ConsoleBrowser.SignedIn"/>
    public Task<IPage> SignedIn(string name, string role = "Operator", ColorScheme scheme = ColorScheme.Light, string timeZone = "UTC") => _browser!.SignedIn(name, role, scheme, timeZone);

    /// <inheritdoc cref="ConsoleBrowser.CloseAll"/>
    public Task CloseAll() => _browser!.CloseAll();
}

/// <summary>The pages that a class of tests has opened are closed after it.</summary>
public sealed class OpenedPages(ConsoleSystem system) : IAsyncLifetime
{
    /// <inheritdoc/>
    public Task InitializeAsync() => Task.CompletedTask;

    /// <inheritdoc/>
    public Task DisposeAsync() => system.CloseAll();
}

/// <summary>Tests that share it; they run one after another, because some of them break it.</summary>
[CollectionDefinition(Name)]
public sealed class ConsoleCollection : ICollectionFixture<ConsoleSystem>, IClassFixture<OpenedPages>
{
    public const string Name = "console";
}
