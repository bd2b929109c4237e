using OrderSample.Bench;

namespace OrderSample.Nemesis.Running;

/// <summary>
/// The person who watches the broker's nodes, and restarts one that has been taken for gone while it slept: with RabbitMQ 3.10 it stays partitioned
/// for good otherwise, with users and bindings of its own (docs/handbook/partitions.md).
/// </summary>
internal sealed class PartitionWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
    private readonly Victim _victim;
    private readonly Task _watching;

    public PartitionWatch(Victim victim)
    {
        _victim = victim;
        _watching = victim.Shape.Nodes > 1 ? Watch() : Task.CompletedTask;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task Watch()
    {
        using var timer = new PeriodicTimer(Interval);
        string? before = null;
        while (await timer.WaitForNextTickAsync(_stop.Token))
        {
            try
            {
                var partitioned = await Partitioned();
                // Twice in a row: a node that pauses and comes back by itself needs nobody.
                if (partitioned is not null && partitioned == before)
                    await Restart(partitioned);
                before = partitioned;
            }
            catch (Exception) when (!_stop.IsCancellationRequested)
            {
                // A node is down, in whatever way. There will be another look.
            }
        }
    }

    /// <summary>The node that calls most others partitioned; null when none does.</summary>
    private async Task<string?> Partitioned()
    {
        var answers = await _victim.AskEachNode("nodes?columns=name,partitions", _stop.Token);
        return answers.SelectMany(answer => answer!.Value.EnumerateArray())
            .Select(state => (Name: state.GetProperty("name").GetString()!.Split('@')[0], Others: state.TryGetProperty("partitions", out var others) ? others.GetArrayLength() : 0))
            .Where(node => node.Others > 0).OrderByDescending(node => node.Others).Select(node => node.Name).FirstOrDefault();
    }

    private async Task Restart(string node)
    {
        Progress.Say($"{node} is partitioned from the other nodes: it is restarted");
        await _victim.Control(node, _stop.Token, "stop_app");
        await _victim.Control(node, _stop.Token, "start_app");
    }
}
