namespace OrderSample.Failures.Breaking;

/// <summary>How the system is run, and reached, while something fails.</summary>
/// <param name="Key">What the command line calls it.</param>
/// <param name="Name">What the report calls it.</param>
/// <param name="Nodes">Nodes of the broker.</param>
/// <param name="Replicas">Processes of each service.</param>
/// <param name="Settings">What the app host is told.</param>
internal sealed record Way(string Key, string Name, int Nodes, int Replicas, params string[] Settings)
{
    /// <summary>A broker of three nodes, whose addresses the services have.</summary>
    public static readonly Way Addresses = new("addresses", "three addresses", Nodes: 3, Replicas: 1, "--cluster=3");

    /// <summary>The same behind HAProxy, whose address they have.</summary>
    public static readonly Way HAProxy = new("haproxy", "HAProxy", Nodes: 3, Replicas: 1, "--cluster=3", "--haproxy=true");

    /// <summary>One node, and two of each service behind the forwarding of Aspire's engine, which knows no health.</summary>
    public static readonly Way TwoReplicas = new("replicas", "two replicas", Nodes: 1, Replicas: 2, "--replicas=2");

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Way> All { get; } = [Addresses, HAProxy, TwoReplicas];

    /// <summary>Those of these keys; all for none.</summary>
    /// <exception cref="ArgumentException">There is none of that key.</exception>
    public static IReadOnlyList<Way> Named(IReadOnlyList<string> keys) =>
        keys.FirstOrDefault(key => All.All(x => x.Key != key)) is { } unknown
            ? throw new ArgumentException($"There is no way '{unknown}'. There are {string.Join(", ", All.Select(x => x.Key))}.")
            : [.. All.Where(x => keys.Count == 0 || keys.Contains(x.Key))];
}
