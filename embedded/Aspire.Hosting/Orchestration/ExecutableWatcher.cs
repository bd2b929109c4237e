using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dcp;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>Turns what the engine says about processes into resource states, and their output into resource logs.</summary>
internal sealed class ExecutableWatcher(
    DcpEngine engine, ResourceNotificationService notifications, ResourceLoggerService logs, TimeProvider time, ILogger<ExecutableWatcher> logger)
{
    private static readonly TimeSpan ReconnectDelay = TimeSpan.FromMilliseconds(500);

    /// <summary>Which run of a process is being read: a restarted one has the same name.</summary>
    private readonly Dictionary<string, string> _reading = [];

    /// <summary>The run of a process that was seen last, and the one before a restart.</summary>
    private readonly ConcurrentDictionary<string, string> _lastSeen = [];
    private readonly ConcurrentDictionary<string, string> _replaced = [];

    /// <summary>
    /// From now on, what the engine still tells of the run that has ended is not about the one to come. Its last news can
    /// be late, and would say of a resource that is starting that it has ended.
    /// </summary>
    public void Replace(ResourceInstance instance)
    {
        if (_lastSeen.TryGetValue(instance.Id, out var ended))
            _replaced[instance.Id] = ended;
    }

    public async Task Run(IReadOnlyList<ResourceInstance> instances, CancellationToken cancellationToken)
    {
        var byId = instances.ToDictionary(x => x.Id);
        var readers = new List<Task>();
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await foreach (var change in engine.Client.WatchExecutables(cancellationToken))
                {
                    if (change.Status.State is not { Length: > 0 } state || !byId.TryGetValue(change.Name, out var instance))
                        continue;
                    if (_replaced.TryGetValue(instance.Id, out var ended) && ended == change.Run)
                        continue;
                    _lastSeen[instance.Id] = change.Run;
                    await Publish(instance, state, change.Status);
                    if (state == "Starting" || _reading.GetValueOrDefault(instance.Id) == change.Run)
                        continue;
                    _reading[instance.Id] = change.Run;
                    readers.RemoveAll(x => x.IsCompleted);
                    string[] sources = state == "FailedToStart" ? ["system"] : ["stdout", "stderr"];
                    readers.AddRange(sources.Select(source => ReadLog(instance, source, cancellationToken)));
                }
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or JsonException && !cancellationToken.IsCancellationRequested)
            {
                logger.LogWarning(exception, "Lost the engine's stream of changes; connecting again");
                await Task.Delay(ReconnectDelay, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException && cancellationToken.IsCancellationRequested)
            {
                break;
            }
        }

        await Task.WhenAll(readers);
    }

    private Task Publish(ResourceInstance instance, string state, DcpExecutableStatus status) =>
        notifications.PublishUpdateAsync(instance.Resource, instance.Id, before =>
        {
            var shown = state switch
            {
                "Running" => KnownResourceStates.Running,
                "Stopping" => KnownResourceStates.Stopping,
                "Finished" or "Terminated" or "Unknown" => KnownResourceStates.Finished,
                "FailedToStart" => KnownResourceStates.FailedToStart,
                _ => KnownResourceStates.Starting,
            };
            var runs = shown == KnownResourceStates.Running;
            var sameRun = runs && before.State?.Text == KnownResourceStates.Running && Equals(status.Pid, before.Properties.FirstOrDefault(x => x.Name == "executable.pid")?.Value);
            return before with
            {
                State = shown,
                ExitCode = runs ? null : status.ExitCode,
                HealthStatus = !runs ? null
                    : sameRun ? before.HealthStatus
                    : instance.Resource.HasAnnotationOfType<HealthCheckAnnotation>() ? HealthStatus.Unhealthy : HealthStatus.Healthy,
                HealthReports = sameRun ? before.HealthReports : [],
                Properties = status.Pid is null ? before.Properties : [.. before.Properties.Where(x => x.Name != "executable.pid"), new("executable.pid", status.Pid)],
                Urls = runs ? UrlsOf(instance.Resource) : before.Urls,
                StartTimeStamp = runs && !sameRun ? time.GetUtcNow().UtcDateTime : before.StartTimeStamp,
                StopTimeStamp = KnownResourceStates.TerminalStates.Contains(shown) ? before.StopTimeStamp ?? time.GetUtcNow().UtcDateTime : null,
            };
        });

    private static ImmutableArray<UrlSnapshot> UrlsOf(IResource resource) =>
    [
        .. resource.Annotations.OfType<EndpointAnnotation>().Where(x => x.AllocatedEndpoint is not null)
            .Select(x => new UrlSnapshot(x.Name, x.AllocatedEndpoint!.UriString, IsInternal: false)),
    ];

    private async Task ReadLog(ResourceInstance instance, string source, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var line in engine.Client.FollowLog(instance.Id, source, cancellationToken))
                logs.Write(instance, line, isError: source == "stderr");
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException)
        {
            // The process is gone, or the application ends: what it wrote until now has been read.
        }
    }
}
