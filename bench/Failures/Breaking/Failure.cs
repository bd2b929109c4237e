namespace OrderSample.Failures.Breaking;

/// <summary>Something that fails, with its own sequence of events.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Says">What happens, in one line.</param>
/// <param name="Ways">Where it can happen.</param>
/// <param name="Happen">Breaks it, waits, and restores it.</param>
internal sealed record Failure(string Name, string Says, IReadOnlyList<Way> Ways, Func<Scene, CancellationToken, Task> Happen)
{
    /// <summary>Whether all orders are for the same product.</summary>
    public bool HasHotProduct { get; init; }

    /// <summary>All of them.</summary>
    public static IReadOnlyList<Failure> All { get; } =
    [
        new("node-killed", "kill -9 of the node that leads the saga's queue; started again after 10 s", [Way.Addresses, Way.HAProxy], NodeFailures.Kill),
        new("nodes-restarted", "each node in turn is stopped in good order and started again", [Way.Addresses, Way.HAProxy], NodeFailures.Restart),
        new("node-hangs", "SIGSTOP of the node that leads the saga's queue, for 30 s", [Way.Addresses, Way.HAProxy], NodeFailures.Hang),
        new("replica-killed", "kill -9 of one of two replicas of each service; started again after 10 s", [Way.TwoReplicas], ReplicaFailures.Kill),
        new("replica-hangs", "SIGSTOP of one of two replicas of each service for 60 s, each in the middle of a transaction, all orders for one product", [Way.TwoReplicas], ReplicaFailures.Hang) { HasHotProduct = true },
        new("database-cut", "all connections to all databases are ended by the server, once", [Way.TwoReplicas], ReplicaFailures.Cut),
    ];

    /// <summary>Those of these names; all for none.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public static IReadOnlyList<Failure> Named(IReadOnlyList<string> names) =>
        names.FirstOrDefault(name => All.All(x => x.Name != name)) is { } unknown
            ? throw new ArgumentException($"There is no fault '{unknown}'. There are {string.Join(", ", All.Select(x => x.Name))}.")
            : [.. All.Where(x => names.Count == 0 || names.Contains(x.Name))];
}
