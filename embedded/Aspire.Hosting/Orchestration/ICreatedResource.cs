using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

/// <summary>A resource that is not a process but is made when what it belongs to runs, such as a database.</summary>
internal interface ICreatedResource
{
    /// <summary>Makes it if it is not there yet.</summary>
    Task Create(ResourceNotificationService notifications, CancellationToken cancellationToken);
}
