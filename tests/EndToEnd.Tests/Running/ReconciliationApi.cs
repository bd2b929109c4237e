using System.Net;
using System.Net.Http.Json;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>Reconciliation over HTTP.</summary>
public sealed class ReconciliationApi(OrderSystem system)
{
    private readonly HttpClient _http = system.Orders.Http;

    public Task<HttpResponseMessage> Post(DateTimeOffset? from = null, CancellationToken cancellationToken = default) =>
        _http.PostAsJsonAsync("/reconciliation/runs", new { from }, cancellationToken);

    /// <summary>Starts a run, after another one that is under way.</summary>
    /// <returns>Where the run is.</returns>
    public async Task<Uri> Start(DateTimeOffset? from = null) =>
        (await system.Eventually("a run to start", async token =>
        {
            using var response = await Post(from, token);
            Assert.True(response.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Conflict, $"{response.StatusCode}: {await response.Content.ReadAsStringAsync(token)}");
            return response.Headers.Location;
        }, location => location is not null))!;

    public Task<RunView> Ends(Uri location) =>
        system.Eventually($"run {location} to end", async token => (await _http.GetFromJsonAsync<RunView>(location, token))!,
            view => view.Run.Status == "Completed", view => view.Run.Status == "Failed");

    /// <summary>Runs now, to the end.</summary>
    public async Task<RunView> Run(DateTimeOffset? from = null) => await Ends(await Start(from));

    /// <summary>Runs as soon as a run looks at all that has happened to an order: the grace time has to pass first.</summary>
    public async Task<RunView> RunPast(Guid orderId)
    {
        var lastChange = await LastChange(orderId);
        await system.Eventually("the grace time to pass", _ => Task.FromResult(DateTimeOffset.UtcNow), now => now - OrderSystem.Grace > lastChange);
        // What has changed only just now, or what a service does not know that has just started, is judged by one of the next runs.
        var run = await system.Eventually($"a run to judge {orderId}", _ => Run(), view => view.Run.Unjudged == 0 || view.Discrepancies.Any(x => x.OrderId == orderId));
        Assert.True(run.Run.To >= lastChange, $"{run} did not look at what happened at {lastChange:O}");
        return run;
    }

    private async Task<DateTimeOffset> LastChange(Guid orderId)
    {
        using var timeout = new CancellationTokenSource(OrderSystem.Deadline);
        using var response = await _http.GetAsync($"/orders/{orderId}", timeout.Token);
        return response.StatusCode == HttpStatusCode.NotFound
            ? DateTimeOffset.MinValue
            : (await response.Content.ReadFromJsonAsync<ChangedOrder>(timeout.Token))!.UpdatedAt;
    }

    private sealed record ChangedOrder(DateTimeOffset UpdatedAt);
}

public sealed record RunView(RunSummary Run, FoundDiscrepancy[] Discrepancies)
{
    public override string ToString() => $"{Run} [{string.Join("; ", Discrepancies.Take(20).Select(x => x.ToString()))}]";
}

public sealed record RunSummary(
    Guid RunId, string Status, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, DateTimeOffset From, DateTimeOffset To, int Orders, int Reservations, int Found, int Repaired, int Unjudged);

public sealed record FoundDiscrepancy(string Kind, Guid OrderId, string Found, string? Repair);
