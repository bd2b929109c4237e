namespace OrderSample.Cluster.Tests.Running;

/// <summary>The whole system on a broker of three nodes, whose addresses the services have. Only local servers can be a cluster.</summary>
public class ClusterSystem : OrderSystem
{
    /// <summary>Messages that may wait for the broker before orders are refused.</summary>
    public const int MaxOutboxMessages = 300;

    /// <summary>The nodes' resources.</summary>
    public static readonly IReadOnlyList<string> Nodes = ["rabbitmq", "rabbitmq-2", "rabbitmq-3"];

    /// <summary>Where the servers keep their data.</summary>
    public string Data { get; } = Directory.CreateTempSubdirectory("ordersample-").FullName;

    /// <summary>Redeliveries are those of production. The saga's timeouts outlast the faults, so that every order completes.</summary>
    protected override string[] Settings =>
    [
        "--Servers=local", "--cluster=3", $"--Servers:Data={Data}", .. ProductionRedeliveries, "--Saga:PaymentTimeout=00:10:00",
        "--Reconciliation:Interval=1.00:00:00", "--Admission:MaxOrdersInFlight=5000", $"--Admission:MaxOutboxMessages={MaxOutboxMessages}",
    ];

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(Data, recursive: true);
    }
}

/// <summary>Tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<ClusterSystem>
{
    public const string Name = "cluster";
}

/// <summary>The same with HAProxy before the nodes: services have its address only.</summary>
public sealed class ProxiedClusterSystem : ClusterSystem
{
    protected override string[] Settings => [.. base.Settings, "--haproxy=true"];
}

/// <summary>Tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class ProxiedClusterCollection : ICollectionFixture<ProxiedClusterSystem>
{
    public const string Name = "cluster behind HAProxy";
}
