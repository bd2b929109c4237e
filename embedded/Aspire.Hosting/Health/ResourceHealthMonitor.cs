using System.Collections.Immutable;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Health;

/// <summary>Asks every running resource whether it works: often until it does, then now and then.</summary>
internal sealed class ResourceHealthMonitor(
    DistributedApplicationModel model, HealthCheckService checks, ResourceNotificationService notifications) : BackgroundService
{
    private static readonly TimeSpan UnhealthyInterval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan HealthyInterval = TimeSpan.FromSeconds(15);

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(model.Resources.Where(x => x.HasAnnotationOfType<HealthCheckAnnotation>()).Select(x => Monitor(x, stoppingToken)));

    private async Task Monitor(IResource resource, CancellationToken stoppingToken)
    {
        var keys = resource.Annotations.OfType<HealthCheckAnnotation>().Select(x => x.Key).ToHashSet(StringComparer.Ordinal);
        try
        {
            while (true)
            {
                await notifications.WaitForResourceAsync(resource.Name, IsRunning, stoppingToken);
                var report = await checks.CheckHealthAsync(x => keys.Contains(x.Name), stoppingToken);
                foreach (var id in resource.GetResourceIds())
                    await Publish(resource, id, report);

                var interval = report.Status == HealthStatus.Healthy ? HealthyInterval : UnhealthyInterval;
                using var next = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                next.CancelAfter(interval);
                try
                {
                    // A restarted process is new, and unhealthy until asked.
                    await notifications.WaitForResourceAsync(resource.Name, x => report.Status == HealthStatus.Healthy
                        && IsRunning(x) && x.Snapshot.HealthStatus == HealthStatus.Unhealthy, next.Token);
                }
                catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
                {
                    // Time for the next look.
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application ends.
        }
    }

    private static bool IsRunning(ResourceEvent x) => x.Snapshot.State?.Text == KnownResourceStates.Running;

    private async Task Publish(IResource resource, string id, HealthReport report)
    {
        if (!notifications.TryGetCurrentState(id, out var state) || !IsRunning(state))
            return;
        ImmutableArray<HealthReportSnapshot> reports =
            [.. report.Entries.Select(x => new HealthReportSnapshot(x.Key, x.Value.Status, x.Value.Description ?? x.Value.Exception?.Message, x.Value.Exception?.ToString()))];
        if (state.Snapshot.HealthStatus == report.Status && state.Snapshot.HealthReports.SequenceEqual(reports))
            return;
        await notifications.PublishUpdateAsync(resource, id, x => !IsRunning(new ResourceEvent(resource, id, x))
            ? x
            : x with { HealthStatus = report.Status, HealthReports = reports });
    }
}
