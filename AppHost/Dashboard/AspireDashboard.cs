namespace OrderSample.AppHost.Dashboard;

/// <summary>The Aspire dashboard, which Aspire adds to the model by itself.</summary>
internal static class AspireDashboard
{
    /// <summary>What Aspire calls it.</summary>
    public const string Name = "aspire-dashboard";

    /// <summary>Where people find it; null when it is not there.</summary>
    public static string? UrlIn(IEnumerable<IResource> resources) => resources.OfType<IResourceWithEndpoints>().FirstOrDefault(x => x.Name == Name)?
        .GetEndpoints().FirstOrDefault(x => x.EndpointName is "http" or "https" && x.IsAllocated)?.Url;

    /// <summary>
    /// Without a dashboard nobody takes telemetry, so none is collected. Aspire's tests name an address all the same, where another clone's dashboard or
    /// a collector may listen. To send it elsewhere, start the app host with <c>--no-dashboard</c>, <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> and
    /// <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>: the services inherit them.
    /// </summary>
    public static void SendsTelemetryToDashboard(this IResourceBuilder<ProjectResource> service) => service.WithEnvironment(context =>
    {
        if (service.ApplicationBuilder.Resources.Any(resource => resource.Name == Name))
            return;
        context.EnvironmentVariables.Remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        context.EnvironmentVariables.Remove("OTEL_EXPORTER_OTLP_PROTOCOL");
    });
}
