using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using OrderSample.AppHost.Switching;

namespace OrderSample.AppHost.Tests;

public sealed class The_state_of_a_process
{
    private DateTimeOffset _now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);
    private ReplicaState? _state;

    [Fact]
    public void It_is_starting_until_it_is_healthy_once_and_then_not_ready_when_it_is_not()
    {
        Is(ProcessState.Starting, KnownResourceStates.Waiting);
        Is(ProcessState.Starting, KnownResourceStates.Running, HealthStatus.Unhealthy);
        Is(ProcessState.Running, KnownResourceStates.Running, HealthStatus.Healthy);
        Is(ProcessState.NotReady, KnownResourceStates.Running, HealthStatus.Unhealthy);
        Is(ProcessState.Running, KnownResourceStates.Running, HealthStatus.Healthy);
    }

    [Fact]
    public void One_that_was_told_to_end_is_stopped_whatever_its_exit_code()
    {
        Is(ProcessState.Running, KnownResourceStates.Running);
        Is(ProcessState.Stopping, KnownResourceStates.Stopping);
        Is(ProcessState.Stopped, KnownResourceStates.Finished, exitCode: 143);
        Is(ProcessState.Stopped, KnownResourceStates.Exited, exitCode: 143);
        Assert.Equal(143, _state!.ExitCode);
        Is(ProcessState.Starting, KnownResourceStates.Starting);
        Assert.Null(_state!.ExitCode);
    }

    [Fact]
    public void One_that_ends_by_itself_has_crashed_unless_it_ended_well()
    {
        Is(ProcessState.Running, KnownResourceStates.Running);
        Is(ProcessState.Crashed, KnownResourceStates.Finished, exitCode: 139);
        Assert.Equal(139, _state!.ExitCode);
        Is(ProcessState.Running, KnownResourceStates.Running);
        Is(ProcessState.Stopped, KnownResourceStates.Finished, exitCode: 0);
        Is(ProcessState.Running, KnownResourceStates.Running);
        Is(ProcessState.Crashed, KnownResourceStates.FailedToStart);
    }

    [Fact]
    public void It_is_in_a_state_since_it_came_to_be_not_since_the_last_word_of_it()
    {
        Is(ProcessState.Running, KnownResourceStates.Running);
        var since = _now;
        Is(ProcessState.Running, KnownResourceStates.Running, HealthStatus.Healthy);
        Assert.Equal(since, _state!.Since);
        Is(ProcessState.Crashed, KnownResourceStates.Finished, exitCode: 1);
        Assert.Equal(_now, _state!.Since);
    }

    [Fact]
    public void Of_several_replicas_one_that_has_ended_is_shown_before_one_that_is_not_ready()
    {
        ReplicaState running = new(ProcessState.Running, _now, null), notReady = new(ProcessState.NotReady, _now, null), crashed = new(ProcessState.Crashed, _now, 137);
        Assert.Equal(crashed, ReplicaState.ToShow([running, notReady, crashed]));
        Assert.Equal(notReady, ReplicaState.ToShow([running, notReady]));
        Assert.Equal(running, ReplicaState.ToShow([running, running]));
        Assert.Null(ReplicaState.ToShow([]));
    }

    private void Is(ProcessState expected, string text, HealthStatus? health = null, int? exitCode = null)
    {
        _now += TimeSpan.FromSeconds(1);
        _state = ReplicaState.After(_state, text, health, exitCode, _now);
        Assert.Equal(expected, _state.State);
    }
}
