using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting.Testing;
using OrderSample.EndToEnd.Tests.Running;
using Xunit.Abstractions;

namespace OrderSample.EndToEnd.Tests;

/// <summary>The Lab's experiments are tests of themselves: each is run as a person would, and has to pass.</summary>
[Collection(BrokenSystemCollection.Name)]
public sealed class ExperimentsPass(OrderSystem system, ITestOutputHelper output)
{
    private static readonly string[] Names =
    [
        "broker-away", "memory-alarm", "full-queue", "command-without-queue", "event-without-subscriber", "inventory-away", "crash-before-commit", "transient-fault",
        "lasting-fault", "poison-message", "same-message-50-times", "never-paid", "never-answered", "payment-meets-cancellation", "edited-row", "too-many-orders",
    ];

    private readonly LabApi _lab = new(system);

    public static TheoryData<string> Here => [.. Names];

    [Theory]
    [MemberData(nameof(Here))]
    public async Task When_it_is_run_what_it_believes_is_seen_and_everything_is_put_back(string experiment)
    {
        var clock = Stopwatch.StartNew();
        var run = await _lab.Passes(experiment);

        output.WriteLine($"Measured: the experiment {experiment} takes {clock.Elapsed.TotalSeconds:0.0} s");
        await IsWhole();
        await IsAtRest(experiment, run);
        Assert.Equal(["Done"], await system.Read("backoffice-db",
            """SELECT "Outcome" FROM "OperatorActions" WHERE "What" = 'Ran an experiment' AND "Target" = $1 ORDER BY "Id" DESC LIMIT 1""", row => row.GetString(0), $"lab/{experiment}"));
    }

    [Fact]
    public async Task Every_experiment_that_this_system_can_run_is_run_here() =>
        Assert.Equal(Names.Order(), (await _lab.Experiments()).Where(x => x.Value is null).Select(x => x.Key).Order());

    [Fact]
    public async Task While_one_is_run_there_is_no_other_and_when_it_is_cancelled_everything_is_put_back()
    {
        var run = await _lab.Start("poison-message");
        await system.Eventually("the product to be poisoned", _ => FailSku(), sku => sku == "LAB-POISON-MESSAGE");
        await BackofficeApi.MustAnswer(HttpStatusCode.Conflict, system.Backoffice.Http.PostAsJsonAsync("/lab/never-paid/runs", new { }));
        var viewer = await system.SignedIn("vera", "Viewer");
        await BackofficeApi.MustAnswer(HttpStatusCode.Forbidden, viewer.Http.PostAsJsonAsync("/lab/never-paid/runs", new { }));
        await BackofficeApi.MustAnswer(HttpStatusCode.Forbidden, viewer.Http.PostAsJsonAsync($"/lab/runs/{run}/cancel", new { }));

        await _lab.Cancel(run);

        Assert.Equal("Cancelled", (await _lab.Ends(run)).Status);
        await IsWhole();
    }

    [Fact]
    public async Task When_the_backoffice_is_killed_in_the_middle_the_app_host_puts_everything_back()
    {
        var run = await _lab.Start("poison-message");
        await system.Eventually("the product to be poisoned", _ => FailSku(), sku => sku == "LAB-POISON-MESSAGE");
        await system.Kill("backoffice");
        try
        {
            await system.Eventually("the poison to be taken away", _ => FailSku(), sku => sku is null);
        }
        finally
        {
            await system.Start("backoffice");
        }

        Assert.Equal("Abandoned", (await _lab.Get(run)).Status);
        // The next one may begin.
        var next = await _lab.Start("poison-message");
        await _lab.Cancel(next);
        await _lab.Ends(next);
    }

    [Theory]
    [InlineData("POST", "/breaks/memory-alarm?target=rabbitmq")]
    [InlineData("POST", "/lab/mend")]
    [InlineData("GET", "/lab/runs")]
    [InlineData("GET", "/resources/order-service/log?about=password")]
    public async Task Without_the_key_the_app_host_breaks_nothing(string method, string path)
    {
        var environment = (await File.ReadAllTextAsync($"/proc/{await system.ProcessId("backoffice")}/environ")).Split('\0');
        var address = environment.Single(x => x.StartsWith("AppHost__Url=", StringComparison.Ordinal)).Split('=', 2)[1];
        using var stranger = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), $"{address}{path}");
        request.Headers.Add("X-AppHost-Key", "guessed");
        using var refused = await stranger.SendAsync(request);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.True(new Uri(address).IsLoopback, address);
    }

    private async Task IsWhole()
    {
        Assert.Null(await FailSku());
        foreach (var service in new[] { "order-service", "inventory-service", "notification-service" })
        {
            using var http = system.App.CreateHttpClient(service);
            Assert.Equal("Healthy", (await http.GetFromJsonAsync<JsonElement>("/health/ready")).GetProperty("status").GetString());
        }
    }

    /// <summary>Whatever was broken: nothing is held any more, and who got an order was told so once.</summary>
    private async Task IsAtRest(string experiment, LabRun run)
    {
        var sku = $"LAB-{experiment.ToUpperInvariant()}";
        await system.Eventually($"{sku} to have nothing reserved", token => system.Inventory.Get(sku, token), stock => stock.Reserved == 0);
        foreach (var order in run.Completed)
        {
            Assert.Equal("Committed", (await system.Inventory.Reservation(order)).Status);
            await system.Notifications.MustBe(order, "OrderReserved", "OrderCompleted");
        }
    }

    private async Task<string?> FailSku()
    {
        using var http = system.App.CreateHttpClient("inventory-service");
        return (await http.GetFromJsonAsync<JsonElement>("/chaos")).TryGetProperty("failSku", out var sku) ? sku.GetString() : null;
    }
}
