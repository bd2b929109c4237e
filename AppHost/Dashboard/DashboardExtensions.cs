using OrderSample.AppHost.Starting;
using OrderSample.Servers;

namespace OrderSample.AppHost.Dashboard;

/// <summary>How resources look in the Aspire dashboard, and what can be done with them there.</summary>
internal static class DashboardExtensions
{
    /// <summary>An HTTP API: its link leads to the page on which it can be tried.</summary>
    public static IResourceBuilder<ProjectResource> IsShownAsApi(this IResourceBuilder<ProjectResource> service, string icon) =>
        service.WithIconName(icon).WithUrlForEndpoint("http", url => (url.DisplayText, url.Url) = ("API", "/scalar"));

    /// <summary>The console: one link to it, and one that signs in the first person to take it.</summary>
    public static IResourceBuilder<ProjectResource> IsShownAsConsole(this IResourceBuilder<ProjectResource> service, string icon) =>
        service.WithIconName(icon)
            .WithUrlForEndpoint("http", url => url.DisplayText = "Console")
            .WithUrls(async context =>
            {
                if (service.Resource.TryGetLastAnnotation<SignInLink>(out var link))
                    context.Urls.Add(new ResourceUrlAnnotation { Url = await link.UrlAsync(context.CancellationToken), DisplayText = "Console, signed in (once)" });
            });

    /// <summary>The broker, with its management interface; what belongs to it is shown below it.</summary>
    public static Broker IsShownAsBroker(this Broker broker, string icon)
    {
        broker.Resource.WithIconName(icon).WithUrls(context =>
        {
            foreach (var url in context.Urls.Where(x => x.Endpoint?.EndpointName == broker.Nodes[0].Management.EndpointName))
                url.DisplayText = "Management";
        });
        foreach (var part in broker.Parts)
            part.WithIconName(icon).WithParentRelationship(broker.Resource);
        return broker;
    }
}
