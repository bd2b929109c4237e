namespace OrderSample.AppHost.Dashboard;

/// <summary>The Aspire dashboard, which Aspire adds to the model by itself.</summary>
internal static class AspireDashboard
{
    /// <summary>What Aspire calls it.</summary>
    public const string Name = "aspire-dashboard";

    /// <summary>Where people find it; null when it is not there.</summary>
    public static string? UrlIn(IEnumerable<IResource> resources) => resources.OfType<IResourceWithEndpoints>().FirstOrDefault(x => x.Name == Name)?
        .GetEndpoints().FirstOrDefault(x => x.EndpointName is "http" or "https" && x.IsAllocated)?.Url;
}
