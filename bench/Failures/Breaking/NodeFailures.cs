using System.Diagnostics;
using System.Text.Json;
using OrderSample.Bench.Running;

namespace OrderSample.Failures.Breaking;

/// <summary>What happens to a node of the broker.</summary>
internal static class NodeFailures
{
    private const string Queues = "queues?columns=type,online";
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Hanging = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ToolStarts = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan TimeToHeal = TimeSpan.FromSeconds(40);

    public static async Task Kill(Scene scene, CancellationToken cancellationToken)
    {
        var node = await LeaderOfSaga(scene, cancellationToken);
        var electing = OthersLead(scene, node, cancellationToken);
        await Task.Delay(ToolStarts, cancellationToken);
        scene.Timeline.Begins($"{node} is killed");
        await scene.System.Kill(node, cancellationToken);
        await Task.WhenAll(Task.Delay(Away, cancellationToken), electing);
        scene.Timeline.Note($"{node} is started again");
        await scene.System.StartAgain(node, cancellationToken);
        await IsWhole(scene, cancellationToken);
        scene.Timeline.Ends("every queue has its three members");
    }

    public static async Task Restart(Scene scene, CancellationToken cancellationToken)
    {
        scene.Timeline.Begins("the first node is stopped");
        foreach (var node in scene.Victim.Shape.Brokers)
        {
            scene.Timeline.Note($"{node} is stopped");
            await scene.System.Stop(node, cancellationToken);
            scene.Timeline.Note($"{node} is started again");
            await scene.System.StartAgain(node, cancellationToken);
            await IsWhole(scene, cancellationToken);
            scene.Timeline.Note("every queue has its three members");
        }

        scene.Timeline.Ends("all are back");
    }

    public static async Task Hang(Scene scene, CancellationToken cancellationToken)
    {
        var node = await LeaderOfSaga(scene, cancellationToken);
        var processes = (await scene.System.ProcessOf(node, cancellationToken)).Ids();
        var electing = OthersLead(scene, node, cancellationToken);
        await Task.Delay(ToolStarts, cancellationToken);
        scene.Timeline.Begins($"{node} hangs");
        await Scene.Signal("STOP", processes, cancellationToken);
        try
        {
            await Task.WhenAll(Task.Delay(Hanging, cancellationToken), electing);
        }
        finally
        {
            await Scene.Signal("CONT", processes, CancellationToken.None);
        }

        scene.Timeline.Ends($"{node} goes on");
        await IsWholeAgain(scene, node, cancellationToken);
    }

    /// <summary>
    /// The node that leads the queue which every order passes several times: one that leads others only would hold up nothing. All nodes must know the
    /// same one from the queue's members themselves: what the management interface says of leaders is old after a node has hung.
    /// </summary>
    private static async Task<string> LeaderOfSaga(Scene scene, CancellationToken cancellationToken)
    {
        while (true)
        {
            await IsWhole(scene, cancellationToken);
            var leaders = await Task.WhenAll(scene.Victim.Shape.Brokers.Select(node => scene.Victim.Control(node, cancellationToken, "eval",
                """[L || {Q, {_, L}, _} <- ets:tab2list(ra_leaderboard), lists:suffix("order-saga", atom_to_list(Q))].""")));
            if (leaders.Distinct().Count() == 1)
                return leaders[0].Trim('[', ']', '\'').Split('@')[0];
            await Task.Delay(Look, cancellationToken);
        }
    }

    /// <summary>Notes when the members of all queues that a node led have elected others, as another node knows it from them. The management interface waits for a node that hangs.</summary>
    private static async Task OthersLead(Scene scene, string away, CancellationToken cancellationToken)
    {
        try
        {
            await scene.Victim.Control(scene.Victim.Shape.Brokers.First(node => node != away), cancellationToken, "eval", $$"""
                F = fun F(0) -> exit(nobody); F(N) -> case [Q || {Q, {_, L}, _} <- ets:tab2list(ra_leaderboard), L =:= '{{away}}@localhost'] of [] -> ok; _ -> timer:sleep(100), F(N - 1) end end, F(280).
                """);
            scene.Timeline.Note($"all queues that {away} led have elected other leaders");
        }
        catch (InvalidOperationException)
        {
            scene.Timeline.Note($"{away} still leads a queue");
        }
    }

    private static async Task IsWhole(Scene scene, CancellationToken cancellationToken)
    {
        while (!(await AllAreThere(scene, cancellationToken)))
            await Task.Delay(Look, cancellationToken);
    }

    /// <summary>RabbitMQ 3.10 does not always become one cluster again by itself: see docs/handbook/partitions.md.</summary>
    private static async Task IsWholeAgain(Scene scene, string sleeper, CancellationToken cancellationToken)
    {
        var awake = Stopwatch.GetTimestamp();
        while (!await AllAreThere(scene, cancellationToken))
        {
            if (Stopwatch.GetElapsedTime(awake) > TimeToHeal)
            {
                scene.Timeline.Note($"{sleeper} is restarted, because it does not find the others");
                await scene.System.Stop(sleeper, cancellationToken);
                await scene.System.StartAgain(sleeper, cancellationToken);
                awake = Stopwatch.GetTimestamp();
            }

            await Task.Delay(Look, cancellationToken);
        }
    }

    private static async Task<bool> AllAreThere(Scene scene, CancellationToken cancellationToken)
    {
        try
        {
            foreach (var node in scene.Victim.Shape.Brokers)
            {
                if (await MembersOnline(scene, node, cancellationToken) is var online && (online.Count == 0 || online.Any(count => count < scene.Way.Nodes)))
                    return false;
            }

            return true;
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    /// <summary>How many members of each quorum queue are there, as a node tells it.</summary>
    private static async Task<IReadOnlyList<int>> MembersOnline(Scene scene, string node, CancellationToken cancellationToken) =>
        [.. ((await scene.Victim.AskNode(node, HttpMethod.Get, Queues, null, cancellationToken))?.EnumerateArray() ?? default)
            .Where(x => x.TryGetProperty("type", out var type) && type.GetString() == "quorum")
            .Select(x => x.TryGetProperty("online", out var online) && online.ValueKind == JsonValueKind.Array ? online.GetArrayLength() : 0)];
}
