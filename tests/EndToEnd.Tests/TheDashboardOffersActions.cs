using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Npgsql;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

/// <summary>The commands that the Aspire dashboard shows at each resource, executed as it does.</summary>
[Collection(SystemCollection.Name)]
public sealed class TheDashboardOffersActions(OrderSystem system)
{
    [Fact]
    public async Task When_orders_are_placed_and_paid_there_they_complete()
    {
        var before = await Completed();
        await Do("order-service", "place-and-pay-orders");
        await system.Eventually("20 more orders to be completed", async _ => await Completed() - before, more => more == 20, more => more > 20);

        async Task<long> Completed()
        {
            await using var orders = await system.OpenDatabase("orders-db");
            await using var count = new NpgsqlCommand(
                """SELECT count(*) FROM "OrderStates" WHERE "CurrentState" = 'Completed' AND "Customer"::text ~ 'customer[0-9]+@example[.]com'""", orders);
            return (long)(await count.ExecuteScalarAsync())!;
        }
    }

    [Fact]
    public async Task When_a_service_is_broken_there_it_fails_until_it_is_restored_there()
    {
        using var http = system.App.CreateHttpClient("inventory-service");
        try
        {
            await Do("inventory-service", "fail");
            Assert.Equal(0.5, (await http.GetFromJsonAsync<JsonElement>("/chaos")).GetProperty("failureRate").GetDouble());
        }
        finally
        {
            await Do("inventory-service", "restore");
        }

        Assert.Equal(0, (await http.GetFromJsonAsync<JsonElement>("/chaos")).GetProperty("failureRate").GetDouble());
    }

    [Fact]
    public async Task When_a_sign_in_link_is_made_there_it_signs_one_operator_in_once()
    {
        var link = new Uri(await Do("backoffice", "new-sign-in-link"));
        var token = link.Query["?token=".Length..];

        var person = new BackofficeApi(system.AnonymousBackoffice(), system);
        await person.SignIn(token, "grace");
        Assert.NotEmpty(await person.MakeToken("Viewer"));
        using var again = await person.Http.PostAsJsonAsync("/access/sessions", new { token, name = "mallory" });
        Assert.Equal(HttpStatusCode.Unauthorized, again.StatusCode);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("guessed")]
    public async Task When_somebody_else_asks_for_such_a_link_there_is_none(string? key)
    {
        using var stranger = system.AnonymousBackoffice();
        if (key is not null)
            stranger.DefaultRequestHeaders.Add("X-AppHost-Key", key);
        using var refused = await stranger.PostAsJsonAsync("/access/links/app-host", new { });
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
    }

    [Fact]
    public async Task When_the_ledgers_are_reconciled_there_a_run_begins()
    {
        var begin = DateTimeOffset.UtcNow;
        await Do("backoffice", "reconcile");
        await system.Eventually("a run to begin", async token => (await system.Orders.Http.GetStringAsync("/reconciliation/runs", token)), runs =>
            JsonElement.Parse(runs).EnumerateArray().Any(x => x.GetProperty("startedAt").GetDateTimeOffset() >= begin.AddSeconds(-1)));
    }

    [Fact]
    public async Task Every_service_has_a_link_with_a_name()
    {
        foreach (var (service, name) in new[] { ("order-service", "API"), ("inventory-service", "API"), ("notification-service", "API"), ("backoffice", "Console") })
        {
            var running = await system.App.ResourceNotifications.WaitForResourceAsync(service, x => x.Snapshot.Urls.Any(url => !url.IsInactive)).WaitAsync(OrderSystem.Deadline);
            var url = running.Snapshot.Urls.First(x => x.DisplayProperties.DisplayName == name);
            using var http = new HttpClient();
            http.DefaultRequestHeaders.Add("Accept", "text/html");
            using var page = await http.GetAsync(url.Url);
            Assert.True(page.IsSuccessStatusCode, $"{url.Url}: {page.StatusCode}");
        }
    }

    private async Task<string> Do(string resource, string command)
    {
        using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
        var result = await system.App.ResourceCommands.ExecuteCommandAsync(resource, command, timeout.Token);
        Assert.True(result.Success, result.Message);
        return result.Message!;
    }
}
