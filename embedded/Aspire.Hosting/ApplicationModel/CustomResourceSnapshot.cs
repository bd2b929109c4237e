using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>What is known of a resource at one moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>Project, Executable, Container, Parameter or ConnectionString.</summary>
    public required string ResourceType { get; init; }

    /// <summary>Facts such as executable.pid, by name.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    /// <summary>The state; null before the first one.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>Healthy once it runs and all its checks pass; null while it does not run.</summary>
    public HealthStatus? HealthStatus { get; init; }

    /// <summary>What each of its checks found when it was last asked; none before, and none while it does not run.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; init; } = [];

    /// <summary>The process's exit code; null while it runs.</summary>
    public int? ExitCode { get; init; }

    /// <summary>Where it listens.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    /// <summary>When it was first heard of, UTC.</summary>
    public DateTime? CreationTimeStamp { get; init; }

    /// <summary>When its process started, UTC.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When its process ended, UTC.</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>Whether displays leave it out.</summary>
    public bool IsHidden { get; init; }
}

/// <summary>A state and how it is shown.</summary>
/// <param name="Text">One of <see cref="KnownResourceStates"/>.</param>
/// <param name="Style">success, info, warning or error; null: plain.</param>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    /// <summary>A state shown plainly.</summary>
    public static implicit operator ResourceStateSnapshot?(string? text) => text is null ? null : new(text, null);
}

/// <summary>What a health check found.</summary>
/// <param name="Name">The check.</param>
/// <param name="Status">What it found.</param>
/// <param name="Description">Why; null when there is nothing to say.</param>
/// <param name="ExceptionText">What was thrown, if something was.</param>
public sealed record HealthReportSnapshot(string Name, HealthStatus? Status, string? Description, string? ExceptionText);

/// <summary>A fact about a resource.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Value">Its value.</param>
public sealed record ResourcePropertySnapshot(string Name, object? Value);

/// <summary>Where a resource listens.</summary>
/// <param name="Name">The endpoint.</param>
/// <param name="Url">The address.</param>
/// <param name="IsInternal">Whether it is only for the resource itself.</param>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal);

/// <summary>A change of a resource's state.</summary>
/// <param name="resource">The resource.</param>
/// <param name="resourceId">Which of its replicas.</param>
/// <param name="snapshot">What is known now.</param>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>Which of its replicas.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>What is known now.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}

/// <summary>The states of resources.</summary>
public static class KnownResourceStates
{
    /// <summary>Waits for other resources.</summary>
    public static readonly string Waiting = nameof(Waiting);

    /// <summary>Is being started.</summary>
    public static readonly string Starting = nameof(Starting);

    /// <summary>Runs.</summary>
    public static readonly string Running = nameof(Running);

    /// <summary>Is being stopped.</summary>
    public static readonly string Stopping = nameof(Stopping);

    /// <summary>Has not been started, and is not going to be by itself.</summary>
    public static readonly string NotStarted = nameof(NotStarted);

    /// <summary>Could not be started.</summary>
    public static readonly string FailedToStart = nameof(FailedToStart);

    /// <summary>Its process has ended.</summary>
    public static readonly string Finished = nameof(Finished);

    /// <summary>Its container has ended.</summary>
    public static readonly string Exited = nameof(Exited);

    /// <summary>The states in which nothing happens any more by itself.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

/// <summary>The commands that every process has.</summary>
public static class KnownResourceCommands
{
    /// <summary>Starts it again after it has ended.</summary>
    public static readonly string StartCommand = "start";

    /// <summary>Stops it: SIGTERM, and after a few seconds SIGKILL.</summary>
    public static readonly string StopCommand = "stop";

    /// <summary>Stops and starts it.</summary>
    public static readonly string RestartCommand = "restart";
}
