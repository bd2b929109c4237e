namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>
/// The system with a saga that waits for the warehouse for seconds only. Customers are left all the time they need.
/// </summary>
public sealed class ImpatientSystem : OrderSystem
{
    /// <summary>How often a command is sent again before the saga gives up.</summary>
    public const int MaxResends = 3;

    protected override string[] Settings =>
    [
        "--Saga:StockTimeout=00:00:03", "--Saga:ConfirmTimeout=00:00:03", "--Saga:ReleaseTimeout=00:00:03", $"--Saga:MaxResends={MaxResends}",
        // No longer may a command be tried before it is sent again.
        "--Messaging:Redelivery:Delays:0=00:00:00.100", "--Messaging:Retry:Limit=2",
        "--Saga:PaymentTimeout=00:10:00", "--Reconciliation:Interval=1.00:00:00",
    ];
}

/// <summary>Tests that share it.</summary>
[CollectionDefinition(Name)]
public sealed class ImpatientSystemCollection : ICollectionFixture<ImpatientSystem>
{
    public const string Name = "impatient system";
}
