using System.Text.Json;
using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>Keeps a run's live evidence up to date: its orders, and the queues and outboxes that it is about.</summary>
internal sealed class TrialObserver(Trial trial, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly string[] Final = ["Completed", "Rejected", "Cancelled"];

    public async Task ObserveAsync(CancellationToken over)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                await Task.WhenAll(LookAtOrdersAsync(over), LookAtQueuesAsync(over), LookAtOutboxesAsync(over));
            }
            while (await timer.WaitForNextTickAsync(over));
        }
        catch (OperationCanceledException) when (over.IsCancellationRequested)
        {
            // The run has ended.
        }
    }

    private async Task LookAtOrdersAsync(CancellationToken over)
    {
        foreach (var order in trial.Snapshot().Orders.Where(order => !Final.Contains(order.Status)))
        {
            if (await LookAsync(() => trial.System.UseAsync<OrderServiceClient, OrderDetails?>(client => client.FindAsync(order.OrderId, over)), over) is { } found)
                trial.Saw(found);
        }
    }

    private async Task LookAtQueuesAsync(CancellationToken over)
    {
        if (trial.Snapshot().Queues.Count == 0)
            return;
        var found = await LookAsync(async () => await trial.System.QueuesAsync(over), over);
        trial.Update(run => run with { Queues = [.. run.Queues.Select(queue => Fill(queue, found is null ? null : found.TryGetValue(queue.Name, out var messages) ? messages : null))] });
    }

    private async Task LookAtOutboxesAsync(CancellationToken over)
    {
        foreach (var outbox in trial.Snapshot().Outboxes)
        {
            var found = await LookAsync(() => trial.System.UseAsync<AnyServiceClient, OutboxFill>(client => client.ReadOutboxAsync(outbox.Name, over)), over);
            trial.Update(run => run with { Outboxes = [.. run.Outboxes.Select(x => x.Name == outbox.Name ? Fill(x, found?.Waiting) : x)] });
        }
    }

    private static FillSeen Fill(FillSeen before, int? messages) => before with { Messages = messages, Most = Math.Max(before.Most, messages ?? 0) };

    /// <summary>Nothing when it can't be seen now: that is what many experiments are about.</summary>
    private static async Task<T?> LookAsync<T>(Func<Task<T>> look, CancellationToken over)
        where T : class?
    {
        try
        {
            return await look();
        }
        catch (Exception exception) when (!over.IsCancellationRequested && exception is HttpRequestException or OperationCanceledException or IOException or JsonException)
        {
            return null;
        }
    }
}
