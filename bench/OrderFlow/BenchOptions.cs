namespace OrderSample.Bench;

/// <summary>What can be measured by itself.</summary>
internal enum Part
{
    /// <summary>Throughput, latency and cost of the real system, beside its native twin.</summary>
    Compare,
}

/// <summary>What the command line asks for.</summary>
/// <param name="Part">What to measure.</param>
/// <param name="Rounds">How often each figure is measured; the table shows the medians.</param>
/// <param name="Orders">How many orders a throughput is measured over.</param>
/// <param name="Time">How long orders are offered at each rate.</param>
/// <param name="InFlight">How many orders are on their way at a time when as many are offered as are accepted.</param>
/// <param name="WarmUp">How many orders each system completes before anything is measured.</param>
/// <param name="Output">Where the results go, too.</param>
internal sealed record BenchOptions(Part Part, int Rounds, int Orders, TimeSpan Time, int InFlight, int WarmUp, DirectoryInfo Output);
