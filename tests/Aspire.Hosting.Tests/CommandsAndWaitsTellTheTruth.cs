using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Tests;

public sealed class CommandsAndWaitsTellTheTruth : IDisposable
{
    private readonly CancellationTokenSource _deadline = new(TimeSpan.FromSeconds(60));

    [Fact]
    public async Task When_a_process_waits_to_be_started_it_can_not_be_stopped_and_when_it_runs_it_can_not_be_started()
    {
        var builder = NewBuilder();
        var later = builder.AddExecutable("later", "/bin/sleep", ".", "1000").WithAnnotation(new ExplicitStartupAnnotation());
        builder.AddExecutable("waiting", "/bin/sleep", ".", "1000").WaitForStart(later);
        await using var app = builder.Build();
        await app.StartAsync(_deadline.Token);
        await app.ResourceNotifications.WaitForResourceAsync("later", KnownResourceStates.NotStarted, _deadline.Token);

        var stopped = await app.ResourceCommands.ExecuteCommandAsync("waiting", KnownResourceCommands.StopCommand, _deadline.Token);
        Assert.False(stopped.Success);
        Assert.Contains("Waiting", stopped.ErrorMessage, StringComparison.Ordinal);

        var started = await app.ResourceCommands.ExecuteCommandAsync("later", KnownResourceCommands.StartCommand, _deadline.Token);
        Assert.True(started.Success, started.ErrorMessage);
        await app.ResourceNotifications.WaitForResourceAsync("waiting", KnownResourceStates.Running, _deadline.Token);
        var startedTwice = await app.ResourceCommands.ExecuteCommandAsync("waiting", KnownResourceCommands.StartCommand, _deadline.Token);
        Assert.False(startedTwice.Success);
        Assert.Contains("Running", startedTwice.ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_two_start_a_process_at_once_one_of_them_is_told_that_it_is_started_already()
    {
        var builder = NewBuilder();
        builder.AddExecutable("later", "/bin/sleep", ".", "1000").WithAnnotation(new ExplicitStartupAnnotation());
        await using var app = builder.Build();
        await app.StartAsync(_deadline.Token);
        await app.ResourceNotifications.WaitForResourceAsync("later", KnownResourceStates.NotStarted, _deadline.Token);

        var results = await Task.WhenAll(Enumerable.Range(0, 2).Select(_ =>
            app.ResourceCommands.ExecuteCommandAsync("later", KnownResourceCommands.StartCommand, _deadline.Token)));

        Assert.Single(results, x => x.Success);
        Assert.Contains("can be started when it has ended", Assert.Single(results, x => !x.Success).ErrorMessage, StringComparison.Ordinal);
        await app.ResourceNotifications.WaitForResourceAsync("later", KnownResourceStates.Running, _deadline.Token);
    }

    [Fact]
    public async Task When_a_process_ends_well_who_waited_for_its_end_starts_and_when_it_never_started_they_fail()
    {
        var builder = NewBuilder();
        var done = builder.AddExecutable("done", "/bin/true", ".");
        builder.AddExecutable("after-done", "/bin/sleep", ".", "1000").WaitForCompletion(done);
        var missing = builder.AddExecutable("missing", "/no/such/program", ".");
        builder.AddExecutable("after-missing", "/bin/sleep", ".", "1000").WaitForCompletion(missing);
        await using var app = builder.Build();
        await app.StartAsync(_deadline.Token);

        await app.ResourceNotifications.WaitForResourceAsync("after-done", KnownResourceStates.Running, _deadline.Token);
        var state = await app.ResourceNotifications.WaitForResourceAsync("after-missing", [KnownResourceStates.Running, KnownResourceStates.FailedToStart], _deadline.Token);
        Assert.Equal(KnownResourceStates.FailedToStart, state);
    }

    public void Dispose() => _deadline.Dispose();

    private static IDistributedApplicationBuilder NewBuilder() =>
        DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true, ProjectDirectory = Path.GetTempPath() });
}
