namespace OrderSample.Cluster.Tests.Running;

/// <summary>Two of each service, on one broker node. All of them start at once, on empty databases.</summary>
public sealed class ReplicatedSystem : OrderSystem
{
    protected override string[] Settings =>
    [
        "--replicas=2", .. ProductionRedeliveries, "--Saga:PaymentTimeout=00:10:00",
        "--Reconciliation:Interval=1.00:00:00", $"--Reconciliation:Grace={Grace}", "--Reconciliation:AnswerTimeout=00:00:03",
        "--Admission:MaxOrdersInFlight=5000",
    ];
}

/// <summary>Tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class ReplicatedCollection : ICollectionFixture<ReplicatedSystem>
{
    public const string Name = "replicated system";
}
