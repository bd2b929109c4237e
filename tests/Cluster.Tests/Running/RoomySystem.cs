namespace OrderSample.Cluster.Tests.Running;

/// <summary>One of each service and one broker node, with room for thousands of orders that wait; nobody is asked again meanwhile.</summary>
public sealed class RoomySystem : OrderSystem
{
    protected override string[] Settings =>
    [
        "--Servers=local", .. ProductionRedeliveries, "--Saga:PaymentTimeout=01:00:00", "--Saga:StockTimeout=00:30:00", "--Reconciliation:Interval=1.00:00:00",
        "--Admission:MaxOrdersInFlight=20000", "--Admission:MaxOutboxMessages=50000", "--Admission:MaxQueueLength=50000",
    ];
}

/// <summary>Tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class RoomyCollection : ICollectionFixture<RoomySystem>
{
    public const string Name = "roomy";
}
