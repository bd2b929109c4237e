namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>The system as ./run.sh starts it, with its dashboard and two of each service, for tests that only look at it.</summary>
public sealed class StartedAppHost : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("ordersample-").FullName;
    private readonly string _dashboardKey = Guid.NewGuid().ToString("N");

    internal AppHostProcess App { get; private set; } = null!;

    /// <summary>Its data folder.</summary>
    public string Data => _data;

    public async Task InitializeAsync()
    {
        App = new AppHostProcess(_data, "--replicas=2", "--Reconciliation:Interval=00:00:02", $"--AppHost:DashboardApiKey={_dashboardKey}");
        await App.IsUp();
    }

    /// <summary>The dashboard, for a program that may read its telemetry.</summary>
    public HttpClient Dashboard()
    {
        var dashboard = new HttpClient { BaseAddress = App.UrlOf("Login to the dashboard") };
        dashboard.DefaultRequestHeaders.Add("X-API-Key", _dashboardKey);
        return dashboard;
    }

    public async Task DisposeAsync()
    {
        await App.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }
}

/// <summary>Tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class StartedAppHostCollection : ICollectionFixture<StartedAppHost>
{
    public const string Name = "started app host";
}
