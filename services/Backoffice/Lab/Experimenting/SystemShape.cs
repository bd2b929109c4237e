using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>How the system is made up, as far as experiments depend on it.</summary>
/// <param name="Resources">What the app host runs; empty when it can't be asked.</param>
internal sealed record SystemShape(IReadOnlyList<HostedResource> Resources)
{
    /// <summary>Said where a chaos switch must reach every replica.</summary>
    public string? LacksSingleReplicas => Resources.Any(x => x.Replicas > 1) ? "A chaos switch is each replica's own, and here are several: start the system without --replicas." : null;
}
