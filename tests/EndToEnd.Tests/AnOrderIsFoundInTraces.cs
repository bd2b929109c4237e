using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using OrderSample.EndToEnd.Tests.Running;

namespace OrderSample.EndToEnd.Tests;

[Collection(StartedAppHostCollection.Name)]
public sealed class AnOrderIsFoundInTraces(StartedAppHost started)
{
    [Fact]
    public async Task When_an_order_is_placed_and_paid_the_dashboard_has_two_linked_traces_with_all_its_messages_and_none_of_what_goes_on_all_the_time()
    {
        var app = started.App;
        var since = DateTimeOffset.UtcNow;
        // As programs: `dotnet run` around each would be a process more. It is an experimental part of Aspire that spares it.
        var processes = app.Left;
        Assert.True(processes.Count(x => x.TrimEnd().EndsWith("Service.dll", StringComparison.Ordinal)) == 6,
            $"Not six services run, but:{Environment.NewLine}{string.Join(Environment.NewLine, processes)}{Environment.NewLine}{app.Output}");
        Assert.DoesNotContain(processes, x => x.Contains("dotnet run", StringComparison.Ordinal));

        var orderId = await app.Place();
        await app.Reaches(orderId, "AwaitingPayment");
        using var orders = new HttpClient { BaseAddress = app.UrlOf("order-service") };
        var trace = (await orders.GetFromJsonAsync<JsonElement>($"/orders/{orderId}")).GetProperty("traceId").GetString()!;

        using var dashboard = started.Dashboard();
        string[] wanted = [
            "order-service: POST /orders", "order-service: OrderSubmitted store", "order-service: order-saga OrderSubmitted receive", "order-service: postgresql",
            "order-service: ReserveStock send", "inventory-service: inventory-reservations ReserveStock receive", "inventory-service: postgresql",
            "notification-service: notification-email OrderReserved receive", "notification-service: notification-sms OrderReserved process", "notification-service: postgresql"];
        var spans = Array.Empty<Span>();
        await AppHostProcess.Until(async () =>
        {
            spans = await Spans($"?traceId={trace}", dashboard);
            return wanted.All(name => spans.Any(span => span.Name == name));
        }, () => $"Of one trace there are: {string.Join(", ", spans.Select(span => span.Name))}");

        using var console = new HttpClient { BaseAddress = app.UrlOf("backoffice") };
        (await console.GetAsync("/_framework/blazor.web.js")).EnsureSuccessStatusCode();
        await console.PostAsync("/_blazor/negotiate?negotiateVersion=1", null);
        var cancelled = await app.Place();
        (await orders.PostAsJsonAsync($"/orders/{cancelled}/cancellation", new { })).EnsureSuccessStatusCode();
        (await orders.PostAsJsonAsync($"/orders/{orderId}/payments", new { paymentId = Guid.NewGuid(), amount = Sample.UnitPrice })).EnsureSuccessStatusCode();
        await app.Reaches(orderId, "Completed");
        await AppHostProcess.Until(async () => (await orders.GetFromJsonAsync<JsonElement>("/reconciliation/runs")).EnumerateArray()
            .Count(run => run.GetProperty("status").GetString() == "Completed" && run.GetProperty("startedAt").GetDateTimeOffset() > since) >= 2, () => "Reconciliation did not run twice, so nothing is said of its traces.");
        // Each service hands its spans over when it likes, the later ones perhaps before the earlier ones.
        string[] last = [
            "order-service: POST /orders/{id}/payments", "order-service: POST /orders/{id}/cancellation", "notification-service: notification-email OrderCompleted process"];
        await AppHostProcess.Until(async () =>
        {
            // Other tests have placed orders here, too.
            spans = [.. (await Spans("?limit=5000", dashboard)).Where(span => span.At > since)];
            return last.All(name => spans.Any(span => span.Name == name));
        }, () => $"There are: {string.Join(", ", spans.Select(span => span.Name))}");
        var payment = Assert.Single(spans, span => span.Name == "order-service: POST /orders/{id}/payments");
        Assert.Contains(trace, payment.Links);
        Assert.Equal([("OrderSubmitted", trace), ("PaymentReceived", payment.TraceId)], await Traces(orderId));
        var cancellation = Assert.Single(spans, span => span.Name == "order-service: POST /orders/{id}/cancellation");
        await app.Reaches(cancelled, "Cancelled");
        var traces = await Traces(cancelled);
        Assert.Equal([("OrderSubmitted", Assert.Single(cancellation.Links)), ("CancellationRequested", cancellation.TraceId)], traces);
        Assert.All(spans.Where(span => span.IsRoot), span => Assert.Matches("^order-service: (POST /orders.*|GET /orders/\\{id\\}|GET /reconciliation/runs/?)$", span.Name));

        async Task<IEnumerable<(string, string)>> Traces(Guid id) => (await orders.GetFromJsonAsync<JsonElement>($"/orders/{id}")).GetProperty("traces").EnumerateArray()
            .Select(known => (known.GetProperty("of").GetString()!, known.GetProperty("traceId").GetString()!));
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
            select new Span($"{service}: {span.GetProperty("name").GetString()}", span.GetProperty("traceId").GetString()!,
                DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(span.GetProperty("startTimeUnixNano").GetString()!, CultureInfo.InvariantCulture) / 1_000_000),
                !span.TryGetProperty("parentSpanId", out var parent) || string.IsNullOrEmpty(parent.GetString()),
                span.TryGetProperty("links", out var links) ? [.. links.EnumerateArray().Select(link => link.GetProperty("traceId").GetString()!)] : [])];
    }

    /// <param name="Name">Service and name.</param>
    /// <param name="TraceId">Its trace.</param>
    /// <param name="At">When it began.</param>
    /// <param name="IsRoot">It begins a trace.</param>
    /// <param name="Links">Traces it is linked to.</param>
    private sealed record Span(string Name, string TraceId, DateTimeOffset At, bool IsRoot, string[] Links);
}
