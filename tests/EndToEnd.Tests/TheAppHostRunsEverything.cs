using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

public sealed class TheAppHostRunsEverything : IDisposable
{
    /// <summary>A free machine needs 10 s; a busy one is to fail only for what hangs.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly string _data = Directory.CreateTempSubdirectory("ordersample-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Fact]
    public async Task When_it_is_killed_nothing_is_left_and_the_next_start_has_the_data()
    {
        Guid orderId;
        await using (var killed = new AppHostProcess(_data, "--dashboard=false"))
        {
            await killed.IsUp();
            orderId = await Place(killed);
            killed.Kill();

            // At once, while its servers may still be dying.
            await using var next = new AppHostProcess(_data, "--dashboard=false");
            await killed.NothingIsLeft(Limit);
            await next.IsUp();
            Assert.Equal("AwaitingPayment", await Reaches(next, orderId, "AwaitingPayment"));

            next.Interrupt();
            Assert.Equal(0, await next.Ends(Limit));
            await next.NothingIsLeft(Limit);
        }
    }

    [Fact]
    public async Task When_an_order_is_placed_and_paid_the_dashboard_has_two_linked_traces_with_all_its_messages_and_none_of_what_goes_on_all_the_time()
    {
        var key = Guid.NewGuid().ToString("N");
        await using var app = new AppHostProcess(_data, "--replicas=2", "--Reconciliation:Interval=00:00:02", $"--AppHost:DashboardApiKey={key}");
        await app.IsUp();
        // As programs: `dotnet run` around each would be a process more. It is an experimental part of Aspire that spares it.
        Assert.Equal(6, app.Left.Count(x => x.TrimEnd().EndsWith("Service.dll", StringComparison.Ordinal)));
        Assert.DoesNotContain(app.Left, x => x.Contains("dotnet run", StringComparison.Ordinal));

        var orderId = await Place(app);
        await Reaches(app, orderId, "AwaitingPayment");
        using var orders = new HttpClient { BaseAddress = app.UrlOf("order-service") };
        var trace = (await orders.GetFromJsonAsync<JsonElement>($"/orders/{orderId}")).GetProperty("traceId").GetString()!;

        using var dashboard = new HttpClient { BaseAddress = app.UrlOf("Login to the dashboard") };
        dashboard.DefaultRequestHeaders.Add("X-API-Key", key);
        string[] wanted = [
            "order-service: POST /orders", "order-service: OrderSubmitted store", "order-service: order-saga OrderSubmitted receive", "order-service: postgresql",
            "order-service: ReserveStock send", "inventory-service: inventory-reservations ReserveStock receive", "inventory-service: postgresql",
            "notification-service: notification-email OrderReserved receive", "notification-service: notification-sms OrderReserved process", "notification-service: postgresql"];
        var spans = Array.Empty<Span>();
        await Until(async () =>
        {
            spans = await Spans($"?traceId={trace}", dashboard);
            return wanted.All(name => spans.Any(span => span.Name == name));
        }, () => $"Of one trace there are: {string.Join(", ", spans.Select(span => span.Name))}");

        using var console = new HttpClient { BaseAddress = app.UrlOf("backoffice") };
        (await console.GetAsync("/_framework/blazor.web.js")).EnsureSuccessStatusCode();
        await console.PostAsync("/_blazor/negotiate?negotiateVersion=1", null);
        var cancelled = await Place(app);
        (await orders.PostAsJsonAsync($"/orders/{cancelled}/cancellation", new { })).EnsureSuccessStatusCode();
        (await orders.PostAsJsonAsync($"/orders/{orderId}/payments", new { paymentId = Guid.NewGuid(), amount = Sample.UnitPrice })).EnsureSuccessStatusCode();
        await Reaches(app, orderId, "Completed");
        await Until(async () => (await orders.GetFromJsonAsync<JsonElement>("/reconciliation/runs")).EnumerateArray()
            .Count(run => run.GetProperty("status").GetString() == "Completed") >= 2, () => "Reconciliation did not run twice, so nothing is said of its traces.");
        await Until(async () =>
        {
            spans = await Spans("?limit=5000", dashboard);
            return spans.Any(span => span.Name == "notification-service: notification-email OrderCompleted process");
        }, () => $"There are: {string.Join(", ", spans.Select(span => span.Name))}");
        Assert.Contains(trace, Assert.Single(spans, span => span.Name == "order-service: POST /orders/{id}/payments").Links);
        var cancelledTrace = (await orders.GetFromJsonAsync<JsonElement>($"/orders/{cancelled}")).GetProperty("traceId").GetString()!;
        Assert.Contains(cancelledTrace, Assert.Single(spans, span => span.Name == "order-service: POST /orders/{id}/cancellation").Links);
        Assert.All(spans.Where(span => span.IsRoot), span => Assert.Matches("^order-service: (POST /orders.*|GET /orders/\\{id\\}|GET /reconciliation/runs/?)$", span.Name));
    }

    [Fact]
    public async Task When_a_service_can_not_start_it_says_which_and_why_and_ends()
    {
        await using var app = new AppHostProcess(_data, "--dashboard=false", "--Saga:MaxResends=abc");

        Assert.Equal(1, await app.Ends(TimeSpan.FromMinutes(2)));
        Assert.Contains("The application could not start. order-service is ", app.Output, StringComparison.Ordinal);
        Assert.Contains("'abc' at 'Saga:MaxResends'", app.Output, StringComparison.Ordinal);
        await app.NothingIsLeft(Limit);
    }

    [Fact]
    public async Task When_a_start_takes_longer_than_it_may_it_says_what_it_waited_for_and_ends()
    {
        await using var app = new AppHostProcess(_data, "--dashboard=false", "--start-timeout=1");

        Assert.Equal(1, await app.Ends(Limit));
        Assert.Contains("did not become healthy within the 1 s of --start-timeout", app.Output, StringComparison.Ordinal);
        Assert.Contains("order-service", app.Output, StringComparison.Ordinal);
        await app.NothingIsLeft(Limit);
    }

    private static async Task<Guid> Place(AppHostProcess app)
    {
        using var http = new HttpClient { BaseAddress = app.UrlOf("order-service") };
        var order = Sample.Order("KETTLE", quantity: 1);
        using var response = await http.PostAsJsonAsync("/orders", order);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<PlacedOrder>())!.OrderId;
    }

    private static async Task<string> Reaches(AppHostProcess app, Guid orderId, string status)
    {
        using var http = new HttpClient { BaseAddress = app.UrlOf("order-service") };
        var order = await http.GetFromJsonAsync<OrderView>($"/orders/{orderId}");
        await Until(async () =>
        {
            order = await http.GetFromJsonAsync<OrderView>($"/orders/{orderId}");
            return order!.Status == status;
        }, () => $"The order is {order!.Status}, not {status}.{Environment.NewLine}{app.Output}");
        return order!.Status;
    }

    private static async Task<Span[]> Spans(string query, HttpClient dashboard)
    {
        var answer = await dashboard.GetFromJsonAsync<JsonElement>($"/api/telemetry/spans{query}");
        return [..
            from resource in answer.GetProperty("data").GetProperty("resourceSpans").EnumerateArray()
            let service = resource.GetProperty("resource").GetProperty("attributes").EnumerateArray()
                .First(x => x.GetProperty("key").GetString() == "service.name").GetProperty("value").GetProperty("stringValue").GetString()
            from scope in resource.GetProperty("scopeSpans").EnumerateArray()
            from span in scope.GetProperty("spans").EnumerateArray()
            select new Span($"{service}: {span.GetProperty("name").GetString()}",
                !span.TryGetProperty("parentSpanId", out var parent) || string.IsNullOrEmpty(parent.GetString()),
                span.TryGetProperty("links", out var links) ? [.. links.EnumerateArray().Select(link => link.GetProperty("traceId").GetString()!)] : [])];
    }

    private static async Task Until(Func<Task<bool>> condition, Func<string> failure)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(300));
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < OrderSystem.Deadline, failure());
            await timer.WaitForNextTickAsync();
        }
    }

    /// <param name="Name">Service and name.</param>
    /// <param name="IsRoot">It begins a trace.</param>
    /// <param name="Links">Traces it is linked to.</param>
    private sealed record Span(string Name, bool IsRoot, string[] Links);
}
