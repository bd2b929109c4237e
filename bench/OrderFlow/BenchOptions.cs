namespace OrderSample.Bench;

/// <summary>What can be measured by itself.</summary>
internal enum Part
{
    /// <summary>Throughput, latency and cost of the real system, beside its native twin.</summary>
    Compare,

    /// <summary>How fast an outbox is emptied that filled while the broker was down.</summary>
    Outbox,

    /// <summary>How fast a queue is worked off that filled while its service was down.</summary>
    Backlog,

    /// <summary>Throughput with a thousand, a hundred thousand and a million orders in the tables.</summary>
    Growth,

    /// <summary>Throughput with telemetry and without.</summary>
    Telemetry,

    /// <summary>What a caller waits for, with and without messages.</summary>
    Serial,

    /// <summary>One node against three, one replica against two, and the nodes' addresses against HAProxy's.</summary>
    Cluster,

    /// <summary>What the system costs while nobody is there.</summary>
    Idle,

    /// <summary>Throughput and latency with environment variables that the services are given, and without.</summary>
    Variant,

    /// <summary>All but the cluster and the variant, one after the other.</summary>
    All,
}

/// <summary>What the command line asks for.</summary>
/// <param name="Part">What to measure.</param>
/// <param name="Rounds">How often each figure is measured; the table shows the medians.</param>
/// <param name="Orders">How many orders a throughput is measured over.</param>
/// <param name="Time">How long orders are offered at each rate.</param>
/// <param name="InFlight">How many orders are on their way at a time when as many are offered as are accepted.</param>
/// <param name="WarmUp">How many orders each system completes before anything is measured.</param>
/// <param name="Stored">Messages in the outbox that is emptied.</param>
/// <param name="Undeliverable">Messages among them that no queue takes.</param>
/// <param name="Backlog">Messages in the queue that is worked off.</param>
/// <param name="Environment">What makes a variant.</param>
/// <param name="Output">Where the results go, too.</param>
internal sealed record BenchOptions(Part Part, int Rounds, int Orders, TimeSpan Time, int InFlight, int WarmUp, int Stored, int Undeliverable, int Backlog, IReadOnlyList<(string Name, string Value)> Environment, DirectoryInfo Output)
{
    /// <summary>One short round, to see that everything works.</summary>
    public BenchOptions Quick() => this with
    {
        Rounds = 1,
        Orders = 100,
        Time = TimeSpan.FromSeconds(3),
        InFlight = 20,
        WarmUp = 100,
        Stored = 5_000,
        Undeliverable = 500,
        Backlog = 20_000,
    };
}
