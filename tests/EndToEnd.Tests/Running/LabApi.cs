using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>The Lab over HTTP.</summary>
internal sealed class LabApi(OrderSystem system)
{
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(5);

    private HttpClient Http => system.Backoffice.Http;

    /// <summary>The experiments' names, and what the system lacks for them.</summary>
    public async Task<Dictionary<string, string?>> Experiments() => (await Http.GetFromJsonAsync<JsonElement>("/lab/experiments")).EnumerateArray()
        .ToDictionary(x => x.GetProperty("name").GetString()!, x => Text(x, "lacks"));

    public async Task<Guid> Start(string experiment)
    {
        var run = JsonElement.Parse(await BackofficeApi.MustAnswer(HttpStatusCode.Accepted, Http.PostAsJsonAsync($"/lab/{experiment}/runs", new { })));
        return run.GetProperty("id").GetGuid();
    }

    public async Task<LabRun> Get(Guid id, CancellationToken cancellationToken = default)
    {
        var run = await Http.GetFromJsonAsync<JsonElement>($"/lab/runs/{id}", cancellationToken);
        return new LabRun(Text(run, "status")!, Text(run, "endedAt") is not null, Text(run, "problem"), [.. run.GetProperty("steps").EnumerateArray().Select(x => Text(x, "status")!)],
            [.. run.GetProperty("orders").EnumerateArray().Where(x => Text(x, "status") == "Completed").Select(x => x.GetProperty("orderId").GetGuid())], run.ToString());
    }

    /// <summary>Waits until a run has ended, with everything put back.</summary>
    public Task<LabRun> Ends(Guid id) => system.Eventually($"run {id} to end", token => Get(id, token), run => run.HasEnded, deadline: LongestRun);

    /// <summary>Runs an experiment, and fails with the last lines of the logs unless all of it is as the experiment says.</summary>
    public async Task<LabRun> Passes(string experiment)
    {
        var run = await Ends(await Start(experiment));
        Assert.True(run.Status == "Passed", $"{run.Status}: {run.Problem}{Environment.NewLine}{run}{system.LastLines()}");
        return run;
    }

    public async Task Cancel(Guid id) => await BackofficeApi.MustAnswer(HttpStatusCode.Accepted, Http.PostAsJsonAsync($"/lab/runs/{id}/cancel", new { }));

    private static string? Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value.GetString() : null;
}

internal sealed record LabRun(string Status, bool HasEnded, string? Problem, string[] Steps, Guid[] Completed, string Json)
{
    public override string ToString() => Json;
}
