using System.Text.Json.Serialization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace OrderSample.AppHost.Switching;

/// <summary>How a process is, as people say it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ProcessState>))]
internal enum ProcessState
{
    /// <summary>It has never been started.</summary>
    NotStarted,

    /// <summary>It runs, or is about to, and has not said yet that it is ready.</summary>
    Starting,

    /// <summary>It runs, and is healthy as far as it is asked.</summary>
    Running,

    /// <summary>It runs, was ready before, and is not any more.</summary>
    NotReady,

    /// <summary>It was told to end, and has not ended.</summary>
    Stopping,

    /// <summary>It was told to end, or ended well by itself.</summary>
    Stopped,

    /// <summary>It ended without having been told to.</summary>
    Crashed,
}

/// <summary>How a replica is.</summary>
/// <param name="State">Its state.</param>
/// <param name="Since">Since when, UTC.</param>
/// <param name="ExitCode">What it ended with; null while it runs, or when nobody knows.</param>
internal sealed record ReplicaState(ProcessState State, DateTimeOffset Since, int? ExitCode)
{
    /// <summary>Whether it can be started.</summary>
    public bool HasEnded => State is ProcessState.Stopped or ProcessState.Crashed;

    /// <summary>Of several replicas, the one whose state says most: one that has ended, then one that is not running.</summary>
    public static ReplicaState? ToShow(IReadOnlyCollection<ReplicaState> replicas) =>
        replicas.FirstOrDefault(x => x.HasEnded) ?? replicas.FirstOrDefault(x => x.State != ProcessState.Running) ?? replicas.FirstOrDefault();

    /// <summary>What follows from what Aspire says.</summary>
    /// <param name="before">What was known; null at first.</param>
    /// <param name="text">What Aspire calls its state; a process that is told to end is Stopping before it has ended.</param>
    /// <param name="health">How its checks are; null when it has none.</param>
    /// <param name="exitCode">What it ended with.</param>
    /// <param name="now">The time, UTC.</param>
    public static ReplicaState After(ReplicaState? before, string? text, HealthStatus? health, int? exitCode, DateTimeOffset now)
    {
        var state = StateOf(before?.State, text, health, exitCode);
        var code = state is ProcessState.Stopped or ProcessState.Crashed ? exitCode : null;
        return new ReplicaState(state, state == before?.State ? before.Since : now, code);
    }

    private static ProcessState StateOf(ProcessState? before, string? text, HealthStatus? health, int? exitCode)
    {
        if (text == KnownResourceStates.Stopping)
            return ProcessState.Stopping;
        if (text == KnownResourceStates.NotStarted)
            return ProcessState.NotStarted;
        if (text == KnownResourceStates.Running)
        {
            return health is null or HealthStatus.Healthy ? ProcessState.Running
                : before is ProcessState.Running or ProcessState.NotReady ? ProcessState.NotReady
                : ProcessState.Starting;
        }

        if (!KnownResourceStates.TerminalStates.Contains(text))
            return ProcessState.Starting;
        return before is ProcessState.Stopping or ProcessState.Stopped || exitCode == 0 ? ProcessState.Stopped : ProcessState.Crashed;
    }
}
