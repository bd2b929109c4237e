using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>One process of a resource: the resource itself, or one of its replicas.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Id">Its name in the engine: the resource's name and a suffix that is also its telemetry's instance id.</param>
internal sealed record ResourceInstance(IResource Resource, string Id)
{
    /// <summary>The part of the id after the resource's name.</summary>
    public string Suffix => Id[(Resource.Name.Length + 1)..];
}
