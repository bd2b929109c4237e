using System.Net.Http.Json;
using System.Text.Json;
using OrderSample.Bench.Running;

namespace OrderSample.Nemesis.Checking;

/// <summary>Has the system compare its own ledgers, all of them from the beginning.</summary>
internal sealed class LastReconciliation(SystemUnderTest system, DateTimeOffset from)
{
    private const int MaxRuns = 3;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(2);

    /// <summary>Runs until a run finds nothing: what the first ones find they may repair.</summary>
    /// <returns>What the last one found.</returns>
    public async Task<IReadOnlyList<string>> Find(CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(Deadline);
        IReadOnlyList<string> found = [];
        try
        {
            for (var run = 0; run < MaxRuns && (run == 0 || found.Count > 0); run++)
                found = await Run(deadline.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return [$"A run of reconciliation did not end within {Deadline}."];
        }

        return found;
    }

    private async Task<IReadOnlyList<string>> Run(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        Uri? location = null;
        while (location is null)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            using var response = await system.Orders.PostAsJsonAsync("/reconciliation/runs", new { from }, cancellationToken);
            // One at a time: the system's own may be under way.
            location = response.IsSuccessStatusCode ? response.Headers.Location : null;
        }

        while (true)
        {
            await timer.WaitForNextTickAsync(cancellationToken);
            var view = await system.Orders.GetFromJsonAsync<JsonElement>(location, cancellationToken);
            var status = view.GetProperty("run").GetProperty("status").GetString();
            if (status == "Failed")
                return [view.GetProperty("run").GetRawText()];
            if (status == "Completed")
                return [.. view.GetProperty("discrepancies").EnumerateArray().Select(x => x.GetRawText())];
        }
    }
}
