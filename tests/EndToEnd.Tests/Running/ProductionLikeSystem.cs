namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>The system with the redeliveries of production, which outlast the loss of a server.</summary>
public sealed class ProductionLikeSystem : OrderSystem
{
    protected override string[] Settings => [.. ProductionRedeliveries, "--Saga:PaymentTimeout=00:02:00", "--Reconciliation:Interval=1.00:00:00"];
}

/// <summary>Tests that share it. They run apart from all others: one system at a time is enough for a machine.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class ProductionLikeSystemCollection : ICollectionFixture<ProductionLikeSystem>
{
    public const string Name = "production-like system";
}
