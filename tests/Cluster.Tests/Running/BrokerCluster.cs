using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Aspire.Hosting.Testing;

namespace OrderSample.Cluster.Tests.Running;

/// <summary>The nodes of the broker: how they are, and what can be done to one.</summary>
internal static class BrokerCluster
{
    private static readonly TimeSpan TimeToHeal = TimeSpan.FromSeconds(40);

    /// <summary>The node that leads more queues than any other.</summary>
    /// <returns>Its resource.</returns>
    public static async Task<string> NodeThatLeadsMost(this ClusterSystem system) =>
        (await system.Queues()).GroupBy(queue => queue.Leader).MaxBy(led => led.Count())!.Key!.Split('@')[0];

    /// <summary>Waits until all nodes run, and every member of every queue is there: the state in which any one node may go.</summary>
    /// <param name="members">Members that each queue is to have.</param>
    /// <param name="name">Which queues: those whose name begins with this.</param>
    public static Task IsWhole(this ClusterSystem system, int members = 3, string name = "") =>
        system.Eventually($"every queue to have {members} members online", _ => system.Lack(members, name), lacking => lacking.Queues.Length == 0);

    /// <summary>
    /// Waits until a node that was frozen is one with the others again. RabbitMQ 3.10 does not always get there by itself: the node is restarted
    /// then, as docs/handbook/partitions.md tells a person to.
    /// </summary>
    public static async Task IsWholeAgain(this ClusterSystem system, string sleeper)
    {
        var awake = Stopwatch.GetTimestamp();
        var restarted = false;
        await system.Eventually($"every queue to have its members online after {sleeper} slept", async _ =>
        {
            var lacking = await system.Lack(members: 3, name: "");
            if (lacking.Queues.Length > 0 && !restarted && Stopwatch.GetElapsedTime(awake) > TimeToHeal)
            {
                restarted = true;
                await system.Stop(sleeper);
                await system.Start(sleeper);
            }

            return lacking;
        }, lacking => lacking.Queues.Length == 0, deadline: TimeSpan.FromMinutes(3));
    }

    /// <summary>SIGSTOP: the node's process does nothing any more, and its connections stay open. Disposal lets it go on.</summary>
    public static async Task<IAsyncDisposable> Freeze(this ClusterSystem system, string node)
    {
        return Freeze(BeamBelow(await system.ProcessId(node)));
    }

    /// <summary>The same for any process.</summary>
    public static IAsyncDisposable Freeze(int process)
    {
        Signal(process, "STOP");
        return new Frozen(process);
    }

    /// <summary>What the broker says of its queues, asked of any node that answers.</summary>
    public static async Task<ClusterQueue[]> Queues(this ClusterSystem system)
    {
        for (var node = 0; ; node++)
        {
            using var http = await system.Management(ClusterSystem.Nodes[node]);
            try
            {
                return [.. (await http.GetFromJsonAsync<ClusterQueue[]>("api/queues?columns=name,type,leader,members,online"))!.Where(queue => queue.Type == "quorum")];
            }
            catch (HttpRequestException) when (node < ClusterSystem.Nodes.Count - 1)
            {
                // This one is down.
            }
        }
    }

    /// <summary>Cuts all connections of a service; it comes back by itself.</summary>
    public static async Task CutConnections(this ClusterSystem system, string service)
    {
        using var http = await system.Management(ClusterSystem.Nodes[0]);
        // The broker answers 500 when one of them ends by itself at that moment; then the rest may not be cut yet.
        await system.Eventually($"the connections of {service} to be cut", async token =>
        {
            using var response = await http.DeleteAsync($"api/connections/username/{service}", token);
            return response.StatusCode;
        }, status => status == HttpStatusCode.NoContent);
    }

    /// <summary>Waits until somebody consumes from a queue.</summary>
    public static async Task IsConsumed(this ClusterSystem system, string queue)
    {
        using var http = await system.Management(ClusterSystem.Nodes[0]);
        await system.Eventually($"{queue} to be consumed from", token => http.GetFromJsonAsync<JsonElement>("api/consumers/%2F", token),
            consumers => consumers.EnumerateArray().Any(consumer => consumer.GetProperty("queue").GetProperty("name").GetString() == queue));
    }

    private static async Task<HttpClient> Management(this ClusterSystem system, string node)
    {
        var administrator = new Uri((await system.App.GetConnectionStringAsync("rabbitmq"))!).UserInfo;
        var http = system.App.CreateHttpClient(node, "management");
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(administrator))));
        return http;
    }

    private static async Task<Lacking> Lack(this ClusterSystem system, int members, string name) =>
        new([.. (await system.Queues()).Where(queue => queue.Name.StartsWith(name, StringComparison.Ordinal) && queue.Online?.Length != members)]);

    /// <summary>The node's own process is somewhere below the one that the app host started.</summary>
    private static int BeamBelow(int parent)
    {
        foreach (var child in File.ReadAllText($"/proc/{parent}/task/{parent}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var id = int.Parse(child, CultureInfo.InvariantCulture);
            if (File.ReadAllText($"/proc/{id}/comm").Trim() == "beam.smp")
                return id;
            if (BeamBelow(id) is var found and > 0)
                return found;
        }

        return 0;
    }

    private static void Signal(int process, string signal)
    {
        Assert.True(process > 0, "The node's process was not found.");
        using var kill = Process.Start("kill", [$"-{signal}", process.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
        Assert.Equal(0, kill.ExitCode);
    }

    private sealed class Frozen(int process) : IAsyncDisposable
    {
        public ValueTask DisposeAsync()
        {
            Signal(process, "CONT");
            return ValueTask.CompletedTask;
        }
    }

    private sealed record Lacking(ClusterQueue[] Queues)
    {
        public override string ToString() => string.Join(", ", Queues.Select(queue => $"{queue.Name}: {queue.Online?.Length} of {queue.Members?.Length}"));
    }
}

/// <summary>A quorum queue as the management interface shows it.</summary>
internal sealed record ClusterQueue(string Name, string Type, string? Leader, string[]? Members, string[]? Online);
