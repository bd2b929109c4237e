using Aspire.Hosting.ApplicationModel;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Dashboard;

/// <summary>A resource's state, as the dashboard takes it.</summary>
internal static class ResourceMessages
{
    public static async Task<Messages.Resource> Of(ResourceEvent resourceEvent, CancellationToken cancellationToken)
    {
        var (resource, snapshot) = (resourceEvent.Resource, resourceEvent.Snapshot);
        var message = new Messages.Resource
        {
            Name = resourceEvent.ResourceId,
            Uid = resourceEvent.ResourceId,
            DisplayName = resource.Name,
            ResourceType = snapshot.ResourceType,
            CreatedAt = ToTimestamp(snapshot.CreationTimeStamp),
            StartedAt = ToTimestamp(snapshot.StartTimeStamp),
            StoppedAt = ToTimestamp(snapshot.StopTimeStamp),
            IsHidden = snapshot.IsHidden || resource is DashboardResource,
            Urls = { snapshot.Urls.Select(x => UrlOf(x, snapshot)) },
            HealthReports = { resource.Annotations.OfType<HealthCheckAnnotation>().Select(x => HealthOf(x.Key, snapshot)) },
            Relationships = { RelationshipsOf(resource) },
            Commands = { ResourceCommandMessages.Of(resource, snapshot.State?.Text) },
            Properties = { await ResourcePropertyMessages.Of(resource, snapshot, cancellationToken) },
        };
        if (snapshot.State is { } state)
            message.State = state.Text;
        if (snapshot.State?.Style is { } style)
            message.StateStyle = style;
        return message;
    }

    private static Timestamp? ToTimestamp(DateTime? time) => time is { } known ? Timestamp.FromDateTime(known) : null;

    private static Messages.Url UrlOf(UrlSnapshot url, CustomResourceSnapshot snapshot)
    {
        var message = new Messages.Url
        {
            FullUrl = url.Url,
            IsInternal = url.IsInternal,
            IsInactive = snapshot.State?.Text != KnownResourceStates.Running,
            Display = new Messages.UrlDisplay(),
        };
        if (url.Name is { } name)
            message.EndpointName = name;
        return message;
    }

    /// <summary>A check that has not been made since the process started is in the list without an outcome.</summary>
    private static Messages.HealthReport HealthOf(string check, CustomResourceSnapshot snapshot)
    {
        var message = new Messages.HealthReport { Key = check };
        if (snapshot.HealthReports.FirstOrDefault(x => x.Name == check) is not { } report)
            return message;
        message.Description = report.Description ?? "";
        message.Exception = report.ExceptionText ?? "";
        if (report.Status is { } status)
        {
            message.Status = status switch
            {
                HealthStatus.Healthy => Messages.HealthStatus.Healthy,
                HealthStatus.Degraded => Messages.HealthStatus.Degraded,
                _ => Messages.HealthStatus.Unhealthy,
            };
        }

        return message;
    }

    private static IEnumerable<Messages.Relationship> RelationshipsOf(IResource resource)
    {
        var said = resource.Annotations.OfType<ResourceRelationshipAnnotation>().Select(x => (x.Resource.Name, x.Type));
        if (resource is IResourceWithParent child)
            said = said.Append((child.Parent.Name, "Parent"));
        return said.Distinct().Select(x => new Messages.Relationship { ResourceName = x.Name, Type = x.Type });
    }
}
