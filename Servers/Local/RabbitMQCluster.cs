using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Runtime.Versioning;
using System.Text;
using Aspire.Hosting;

namespace OrderSample.Servers.Local;

/// <summary>What the nodes of a cluster have in common.</summary>
[SupportedOSPlatform("linux")]
internal sealed class RabbitMQCluster(LocalRabbitMQ first)
{
    /// <summary>Kept beside each node's data: how many nodes there were when it was a cluster.</summary>
    private const string Mark = "cluster-nodes";

    /// <summary>
    /// How often, in milliseconds, the members of a queue look whether their leader's node is still there: by default every five seconds, so that a node that
    /// hangs would lead on for six. The other format of configuration is the one that all versions of RabbitMQ have this setting in.
    /// </summary>
    public const string AdvancedConfiguration = "[{aten, [{poll_interval, 1000}]}].\n";

    /// <summary>The node that is asked about the others.</summary>
    public LocalRabbitMQ First { get; } = first;

    /// <summary>The nodes that are there from the start, the first one first.</summary>
    public List<LocalRabbitMQ> Founders { get; } = [first];

    /// <summary>Where the nodes learn from Erlang's name server which ports they have for one another.</summary>
    public int NameServerPort { get; } = LocalServerExtensions.FreePort();

    /// <summary>A node's name among the others.</summary>
    public static string NodeName(LocalRabbitMQ node) => $"{node.Name}@localhost";

    /// <summary>Refuses data of a cluster to a single node, which would wait for the others for minutes.</summary>
    /// <exception cref="DistributedApplicationException">The data is a cluster's.</exception>
    public static void EnsureSingle(string folder)
    {
        var mark = Path.Combine(folder, Mark);
        if (File.Exists(mark))
        {
            throw new DistributedApplicationException(
                $"The data in {folder} is that of one node of a cluster of {File.ReadAllText(mark)}, and its messages may be on the others. Start with --cluster again, or with --fresh.");
        }
    }

    /// <summary>The lines of a node's configuration that make it one of this cluster.</summary>
    /// <remarks>
    /// Nodes that do not see the majority stop serving, so that no two parts of the cluster go on by themselves. One that
    /// is not heard of for ten seconds counts as gone: with the default of a minute, what it had in hand would wait as long.
    /// <para>
    /// New nodes look for one another one at a time. The first one finds nobody, and is the cluster by itself after all its tries: every first start waits for
    /// these five seconds.
    /// </para>
    /// </remarks>
    public string ConfigurationOf(LocalRabbitMQ node) =>
        $"""
        cluster_formation.peer_discovery_backend = classic_config
        {string.Join('\n', Founders.Append(node).Distinct().Select((x, i) => $"cluster_formation.classic_config.nodes.{i + 1} = {NodeName(x)}"))}
        cluster_formation.discovery_retry_limit = 10
        cluster_formation.discovery_retry_interval = 500
        cluster_partition_handling = pause_minority
        net_ticktime = 10
        """;

    /// <summary>Gives a node's folder the secret by which nodes know one another, and the marks of a cluster.</summary>
    public void Prepare(string folder)
    {
        DataFolder.WritePrivate(Path.Combine(folder, ".erlang.cookie"), First.Secret("cookie"));
        File.WriteAllText(Path.Combine(folder, Mark), Founders.Count.ToString(CultureInfo.InvariantCulture));
        // For RabbitMQ's tools, which find the nodes by it.
        File.WriteAllText(Path.Combine(folder, "name-server-port"), NameServerPort.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Asks the first node whether all nodes that the cluster starts with have joined.</summary>
    /// <exception cref="InvalidOperationException">Some are missing.</exception>
    public async Task HasFormed(CancellationToken cancellationToken)
    {
        using var http = new HttpClient { BaseAddress = new Uri(First.Management.Url) };
        var administrator = $"guest:{await First.Password.GetValueAsync(cancellationToken)}";
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(administrator)));
        var nodes = await http.GetFromJsonAsync<Node[]>("api/nodes?columns=name,running", cancellationToken) ?? [];
        var missing = Founders.Select(NodeName).Except(nodes.Where(x => x.Running).Select(x => x.Name)).ToList();
        if (missing.Count > 0)
            throw new InvalidOperationException($"The cluster has not formed yet: {string.Join(", ", missing)} missing.");
    }

    private sealed record Node(string Name, bool Running);
}
