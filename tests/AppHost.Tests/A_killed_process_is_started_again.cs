using System.Diagnostics;
using System.Runtime.Versioning;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.AppHost.Switching;

namespace OrderSample.AppHost.Tests;

/// <summary>Aspire says that a process has ended a moment after it was killed, and whoever starts what has ended may ask in that moment.</summary>
[SupportedOSPlatform("linux")]
public sealed class A_killed_process_is_started_again : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private readonly Process _process = Process.Start("sleep", "300");
    private readonly IResource _resource;
    private readonly DistributedApplication _app;
    private readonly ResourceNotificationService _aspire;
    private readonly ResourceStates _states;

    public A_killed_process_is_started_again()
    {
        var builder = DistributedApplication.CreateBuilder(new DistributedApplicationOptions { DisableDashboard = true });
        _resource = builder.AddExecutable("node", "sleep", ".").Resource;
        _app = builder.Build();
        _aspire = _app.Services.GetRequiredService<ResourceNotificationService>();
        _states = new ResourceStates(_aspire, TimeProvider.System);
    }

    public async Task InitializeAsync()
    {
        await _states.StartAsync(CancellationToken.None);
        await AspireSays(KnownResourceStates.Running);
        await Is(ProcessState.Running);
    }

    public async Task DisposeAsync()
    {
        _process.Kill();
        _process.Dispose();
        await _states.StopAsync(CancellationToken.None);
        _states.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task Its_end_is_waited_for_until_Aspire_says_so()
    {
        _process.Kill();
        await _process.WaitForExitAsync();
        var ended = _states.EndedOf(_resource);
        Assert.Equal(ProcessState.Running, _states.Of(_resource).State);

        await AspireSays(KnownResourceStates.Finished);

        Assert.Single(await ended.WaitAsync(Deadline));
    }

    [Fact]
    public async Task One_that_runs_is_not_waited_for()
    {
        var ended = _states.EndedOf(_resource);
        Assert.True(ended.IsCompleted);
        Assert.Empty(await ended);
    }

    private Task AspireSays(string state) => _aspire.PublishUpdateAsync(_resource, before => before with
    {
        State = state,
        ExitCode = state == KnownResourceStates.Finished ? 137 : null,
        Properties = [new ResourcePropertySnapshot("executable.pid", _process.Id)],
    });

    private async Task Is(ProcessState state)
    {
        using var timeout = new CancellationTokenSource(Deadline);
        while (_states.Of(_resource).State != state)
            await Task.Delay(20, timeout.Token);
    }
}
