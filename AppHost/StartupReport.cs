using Microsoft.Extensions.Hosting;
using Spectre.Console;

namespace OrderSample.AppHost;

/// <summary>
/// Watches the start: prints one table of everything when all is healthy. When something can't start, prints which and
/// its last log lines, and ends the application with exit code 1.
/// </summary>
internal sealed class StartupReport(
    DistributedApplicationModel model, ResourceNotificationService notifications, ResourceLoggerService logs,
    IHostApplicationLifetime lifetime, TimeProvider time) : BackgroundService
{
    private const int LastLines = 20;
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LogTime = TimeSpan.FromSeconds(1);

    // A database is shown with its server; a parameter is nothing that runs.
    private List<IResource> Resources => [.. model.Resources.Where(x => x is not (ParameterResource or IResourceWithParent))];

    /// <summary>Left for a person to start.</summary>
    private static bool StartsLater(IResource resource) => resource.TryGetLastAnnotation<ExplicitStartupAnnotation>(out _);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var begin = time.GetTimestamp();
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
        timeout.CancelAfter(Timeout);
        var failed = model.Resources.Where(x => !StartsLater(x)).Select(x => FailureOf(x, timeout.Token)).ToList();
        try
        {
            while (failed.Count > 0)
            {
                var done = await Task.WhenAny(failed);
                failed.Remove(done);
                if (await done is { } failure)
                {
                    await timeout.CancelAsync();
                    await Fail(failure);
                    return;
                }
            }

            await PrintAsync(time.GetElapsedTime(begin), stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped while it was starting.
        }
    }

    /// <summary>Null when the resource got healthy.</summary>
    private async Task<Failure?> FailureOf(IResource resource, CancellationToken cancellationToken)
    {
        try
        {
            await notifications.WaitForResourceHealthyAsync(resource.Name, cancellationToken);
            return null;
        }
        catch (DistributedApplicationException exception)
        {
            return new Failure(resource, exception.Message);
        }
        catch (OperationCanceledException) when (!lifetime.ApplicationStopping.IsCancellationRequested)
        {
            return new Failure(resource, $"Resource '{resource.Name}' did not get healthy within {Timeout.TotalMinutes:0} minutes.");
        }
    }

    private async Task Fail(Failure failure)
    {
        await Console.Error.WriteLineAsync($"\nThe application could not start. {failure.Message}");
        var lines = new Queue<string>();
        using var enough = new CancellationTokenSource(LogTime);
        try
        {
            await foreach (var batch in logs.WatchAsync(failure.Resource.Name).WithCancellation(enough.Token))
            {
                // The reason stands above the frames of a stack trace, which would push it out.
                foreach (var line in batch.Where(x => !x.Content.TrimStart().StartsWith("at ", StringComparison.Ordinal)))
                {
                    lines.Enqueue(line.Content);
                    if (lines.Count > LastLines)
                        lines.Dequeue();
                }
            }
        }
        catch (OperationCanceledException) when (enough.IsCancellationRequested)
        {
            // What it wrote until now is what there is.
        }

        await Console.Error.WriteLineAsync(lines.Count == 0 ? $"{failure.Resource.Name} wrote no log." : $"The last log lines of {failure.Resource.Name}:");
        foreach (var line in lines)
            await Console.Error.WriteLineAsync($"  {line}");
        Environment.ExitCode = 1;
        lifetime.StopApplication();
    }

    private async Task PrintAsync(TimeSpan took, CancellationToken cancellationToken)
    {
        var table = new Table().RoundedBorder().AddColumns("Resource", "State", "URL");
        foreach (var resource in Resources)
        {
            var replicas = resource.TryGetLastAnnotation<ReplicaAnnotation>(out var annotation) ? annotation.Replicas : 1;
            // On a line of its own below: a link that a table has broken can't be clicked or copied.
            var urls = HasLogin(resource) ? "see below" : UrlsOf(resource);
            table.AddRow(Markup.Escape(replicas == 1 ? resource.Name : $"{resource.Name} ×{replicas}"), StartsLater(resource) ? "Not started" : "[green]Healthy[/]", Markup.Escape(urls));
        }

        var console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = Console.IsOutputRedirected ? AnsiSupport.No : AnsiSupport.Detect });
        console.Write(table);
        foreach (var resource in Resources.Where(HasLogin))
            Console.WriteLine($"Log in to the Aspire dashboard: {UrlsOf(resource)}");
        foreach (var link in Resources.SelectMany(resource => resource.Annotations.OfType<SignInLink>()))
            Console.WriteLine($"Console (this link signs in one person, once): {await link.UrlAsync(cancellationToken)}");
        console.MarkupLine($"Everything is up after [bold]{took.TotalSeconds:0.0} s[/]. Press Ctrl-C to stop.");
    }

    private static bool HasLogin(IResource resource) => resource.TryGetLastAnnotation<ResourceUrlAnnotation>(out _);

    private static string UrlsOf(IResource resource)
    {
        // The dashboard's own link signs the reader in.
        if (resource.TryGetLastAnnotation<ResourceUrlAnnotation>(out var link))
            return link.Url;
        var endpoints = resource is IResourceWithEndpoints withEndpoints ? withEndpoints.GetEndpoints().Where(x => x.IsAllocated) : [];
        return string.Join(Environment.NewLine, endpoints.Select(x => x.Url));
    }

    private sealed record Failure(IResource Resource, string Message);
}
