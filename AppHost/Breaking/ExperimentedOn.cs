namespace OrderSample.AppHost.Breaking;

/// <summary>What experiments break, and what is put back.</summary>
/// <param name="Services">The services.</param>
/// <param name="Nodes">The broker's nodes that are there from the start.</param>
internal sealed record ExperimentedOn(IReadOnlyList<ProjectResource> Services, IReadOnlyList<IResource> Nodes)
{
    /// <summary>All of it.</summary>
    public IReadOnlyList<IResource> All { get; } = [.. Nodes, .. Services];
}
