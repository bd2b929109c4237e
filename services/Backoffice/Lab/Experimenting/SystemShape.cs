using OrderSample.Backoffice.Console.Services;

namespace OrderSample.Backoffice.Lab.Experimenting;

/// <summary>How the system is made up, as far as experiments depend on it.</summary>
/// <param name="Resources">What the app host runs; empty when it can't be asked.</param>
/// <param name="Nodes">The broker's nodes.</param>
internal sealed record SystemShape(IReadOnlyList<HostedResource> Resources, IReadOnlyList<HostedResource> Nodes)
{
    /// <summary>Said where a chaos switch must reach every replica.</summary>
    public string? LacksSingleReplicas => Resources.Any(x => x.Replicas > 1) ? "A chaos switch is each replica's own, and here are several: start the system without --replicas." : null;

    /// <summary>Said where several nodes are needed.</summary>
    public string? LacksCluster => Nodes.Count > 1 ? null : "It needs several broker nodes: start the system with --cluster.";

    /// <summary>Said where the broker as a whole is to be stopped.</summary>
    public string? LacksSingleNode => Nodes.Count > 1 ? "Of several broker nodes it would stop only one: start the system without --cluster." : null;
}
