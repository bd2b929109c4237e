using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OrderSample.AppHost.Dashboard;
using Spectre.Console;

namespace OrderSample.AppHost.Starting;

/// <summary>After how long a start is given up; null for never.</summary>
internal sealed record StartTimeout(TimeSpan? Value);

/// <summary>
/// Tells of the start: a line for each resource as it becomes healthy, from half a minute on what is still waited for, and at the
/// end one table of everything. A start takes as long as it takes, or as <c>--start-timeout</c> says. When something ends or can't start,
/// prints which and its last log lines, and ends the application with exit code 1.
/// </summary>
internal sealed class StartupReport(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService logs,
    IHostApplicationLifetime lifetime, TimeProvider time, IConfiguration configuration, StartTimeout timeout) : IHostedLifecycleService
{
    private const int LastLines = 20;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ResourceLog _log = new(logs, time);
    private readonly ConcurrentDictionary<string, ResourceEvent> _last = new();
    private readonly ConcurrentDictionary<string, IResource> _waitedFor = new();
    private Task _telling = Task.CompletedTask;

    /// <summary>What is in the table: a database is shown with its server, a parameter is nothing that runs, and Aspire adds hidden ones of its own.</summary>
    private List<IResource> Resources =>
    [
        .. model.Resources.Where(x => x is not (ParameterResource or IResourceWithParent or ConnectionStringResource)
            && !(x.TryGetLastAnnotation<ResourceSnapshotAnnotation>(out var first) && first.InitialSnapshot.IsHidden)),
    ];

    /// <summary>Left for a person to start.</summary>
    private static bool StartsLater(IResource resource) => resource.TryGetLastAnnotation<ExplicitStartupAnnotation>(out _);

    private static int ReplicasOf(IResource resource) => resource.TryGetLastAnnotation<ReplicaAnnotation>(out var annotation) ? annotation.Replicas : 1;

    /// <summary>Since the program began. The process may be older: run.sh builds in it, and then becomes the program.</summary>
    private static TimeSpan Elapsed => Stopwatch.GetElapsedTime(StartingExtensions.Begin);

    /// <summary>Begins here, because Aspire's own StartAsync returns only when everything is up.</summary>
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        _telling = TellAsync(lifetime.ApplicationStopping);
        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken) => await _telling.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task TellAsync(CancellationToken stoppingToken)
    {
        foreach (var resource in Resources.Where(x => !StartsLater(x)))
            _waitedFor[resource.Name] = resource;
        using var end = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        if (timeout.Value is { } limit)
            end.CancelAfter(limit);
        var waiting = TellWhatIsWaitedFor(end.Token);
        try
        {
            await foreach (var change in notifications.WatchAsync(end.Token))
            {
                if (!_waitedFor.TryGetValue(change.Resource.Name, out var resource))
                    continue;
                _last[change.ResourceId] = change;
                if (change.Snapshot.State?.Text is { } state && KnownResourceStates.TerminalStates.Contains(state))
                {
                    await Fail($"{resource.Name} is {state}{(change.Snapshot.ExitCode is { } code ? $" (exit code {code})" : "")}.", resource);
                    return;
                }

                if (!IsHealthy(resource) || !_waitedFor.TryRemove(resource.Name, out _))
                    continue;
                Tell($"{resource.Name} is healthy");
                if (HasLogin(resource))
                    Console.WriteLine($"          {LoginTo(resource)}");
                if (_waitedFor.IsEmpty)
                    break;
            }

            await PrintAsync(stoppingToken);
        }
        catch (OperationCanceledException) when (!stoppingToken.IsCancellationRequested)
        {
            var late = _waitedFor.Values.OrderBy(x => x.Name, StringComparer.Ordinal).ToList();
            await Fail($"{string.Join(", ", late.Select(x => x.Name))} did not become healthy within the {timeout.Value?.TotalSeconds} s of --start-timeout.", late[0]);
        }
        catch (OperationCanceledException)
        {
            // Stopped while it was starting.
        }
        catch (Exception exception)
        {
            // Nobody waits for this task before the end; a start that tells nothing would look like one that hangs.
            await Console.Error.WriteLineAsync($"The start can't be told of any more: {exception}");
            Environment.ExitCode = 1;
            lifetime.StopApplication();
        }
        finally
        {
            await end.CancelAsync();
            await waiting;
        }
    }

    private bool IsHealthy(IResource resource)
    {
        var replicas = _last.Values.Where(x => x.Resource == resource).ToList();
        return replicas.Count >= ReplicasOf(resource)
            && replicas.All(x => x.Snapshot.State?.Text == KnownResourceStates.Running && x.Snapshot.HealthStatus == HealthStatus.Healthy);
    }

    private async Task TellWhatIsWaitedFor(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Patience, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
            {
                foreach (var resource in _waitedFor.Values.OrderBy(x => x.Name, StringComparer.Ordinal))
                {
                    var last = _last.Values.Where(x => x.Resource == resource).Select(x => x.Snapshot).FirstOrDefault();
                    var why = last?.HealthReports.FirstOrDefault(x => x.Status is not (null or HealthStatus.Healthy))?.Description;
                    var said = string.Join(" | ", new[] { why, (await LastLinesOf(resource, 1)).FirstOrDefault() }.Where(x => x is not null));
                    Tell($"waiting for {resource.Name} ({last?.State?.Text ?? "not started"}{(said.Length == 0 ? "" : $": {said}")})");
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Everything is up, or the start was given up.
        }
    }

    private static void Tell(string what) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Elapsed.TotalSeconds,6:0.0} s  {what}"));

    private async Task Fail(string what, IResource resource)
    {
        await Console.Error.WriteLineAsync($"\nThe application could not start. {what}");
        var lines = await LastLinesOf(resource, LastLines);
        await Console.Error.WriteLineAsync(lines.Count == 0 ? $"{resource.Name} wrote no log." : $"The last log lines of {resource.Name}:");
        foreach (var line in lines)
            await Console.Error.WriteLineAsync($"  {line}");
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    /// <summary>The reason stands above the frames of a stack trace, which would push it out.</summary>
    private async Task<IReadOnlyCollection<string>> LastLinesOf(IResource resource, int count) =>
        [.. (await _log.ReadAsync(resource)).Where(x => !string.IsNullOrWhiteSpace(x) && !x.TrimStart().StartsWith("at ", StringComparison.Ordinal)).TakeLast(count)];

    private async Task PrintAsync(CancellationToken cancellationToken)
    {
        var took = Elapsed;
        var table = new Table().RoundedBorder().AddColumns("Resource", "State", "URL");
        foreach (var resource in Resources)
        {
            var replicas = ReplicasOf(resource);
            // On a line of its own below: a link that a table has broken can't be clicked or copied.
            var urls = HasLogin(resource) ? "see below" : UrlsOf(resource);
            table.AddRow(Markup.Escape(replicas == 1 ? resource.Name : $"{resource.Name} ×{replicas}"), StartsLater(resource) ? "Not started" : "[green]Healthy[/]", Markup.Escape(urls));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect });
        console.Write(table);
        foreach (var resource in Resources.Where(HasLogin))
            Console.WriteLine(LoginTo(resource));
        foreach (var link in Resources.SelectMany(resource => resource.Annotations.OfType<SignInLink>()))
            Console.WriteLine($"Console (this link signs in one person, once): {await link.UrlAsync(cancellationToken)}");
        console.MarkupLine(string.Create(CultureInfo.InvariantCulture, $"Everything is up after [bold]{took.TotalSeconds:0.0} s[/]. Press Ctrl-C to stop."));
    }

    /// <summary>In the words by which dotnet watch finds the address that it opens.</summary>
    private string LoginTo(IResource dashboard) => $"Login to the dashboard at {UrlsOf(dashboard)}";

    private static bool HasLogin(IResource resource) => resource.Name == AspireDashboard.Name;

    private string UrlsOf(IResource resource)
    {
        // The dashboard's own link signs the reader in.
        if (HasLogin(resource))
            return $"{AspireDashboard.UrlIn([resource])}/login?t={configuration["AppHost:BrowserToken"]}";
        var endpoints = resource is IResourceWithEndpoints withEndpoints ? withEndpoints.GetEndpoints().Where(x => x.IsAllocated) : [];
        return string.Join(Environment.NewLine, endpoints.Select(x => x.Url));
    }
}
