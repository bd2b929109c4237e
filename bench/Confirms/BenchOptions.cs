namespace OrderSample.Bench.Confirms;

/// <summary>What can be measured by itself.</summary>
internal enum Part
{
    /// <summary>How fast each kind publishes.</summary>
    Publish,

    /// <summary>What each kind of publishing loses without knowing it.</summary>
    PublishLoss,

    /// <summary>How fast each kind consumes.</summary>
    Consume,

    /// <summary>What a killed consumer loses.</summary>
    ConsumeLoss,
}

/// <summary>What the command line asks for.</summary>
/// <param name="Rounds">How often each kind is measured.</param>
/// <param name="Time">How long one measurement takes.</param>
/// <param name="Only">The part to measure; null for all.</param>
/// <param name="Json">Where the results go as JSON; null for nowhere.</param>
internal sealed record BenchOptions(int Rounds, TimeSpan Time, Part? Only, FileInfo? Json)
{
    public bool Wants(Part part) => Only is null || Only == part;
}
