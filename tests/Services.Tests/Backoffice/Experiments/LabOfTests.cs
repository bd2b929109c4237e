using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using OrderSample.Backoffice.Auditing;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;

namespace OrderSample.Services.Tests.Backoffice.Experiments;

/// <summary>The mechanism with an app host and an audit trail in memory, and services that are whole or broken as a test says.</summary>
internal sealed class LabOfTests : IDisposable, IDeedRecord, IHostApplicationLifetime
{
    private static readonly ClaimsPrincipal Ada = new(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada"), new Claim(ClaimTypes.Role, "Operator")], "test"));
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ServiceProvider _services;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<string> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public LabOfTests(TestExperiment experiment)
    {
        Host = new HostOfTests();
        _services = new ServiceCollection()
            .AddSingleton(new AppHostClient(new HttpClient(new Answers(path => path == "/resources" ? Host.Resources : null)) { BaseAddress = new Uri("http://app-host") }))
            .AddSingleton(new AnyServiceClient(new Clients()))
            .AddSingleton(new OrderServiceClient(new HttpClient(new Answers(_ => null)) { BaseAddress = new Uri("http://orders") }))
            .BuildServiceProvider();
        Runner = new LabRunner(new ExperimentCatalog([() => experiment]), Host, this, _services.GetRequiredService<IServiceScopeFactory>(), this, TimeProvider.System, NullLogger<LabRunner>.Instance);
    }

    public HostOfTests Host { get; }

    public LabRunner Runner { get; }

    /// <summary>What the audit trail was told first.</summary>
    public OperatorDeed? Recorded { get; private set; }

    public Task<StartOutcome> StartAsync(bool isStepwise = false) => Runner.StartAsync(TestExperiment.Name, Ada, isStepwise, CancellationToken.None);

    /// <summary>Runs it to its end.</summary>
    /// <returns>How it ended, and what the audit trail says of that.</returns>
    public async Task<(LabRun Run, string Outcome)> RunAsync()
    {
        var started = await StartAsync();
        Assert.Null(started.Problem);
        return await EndAsync();
    }

    public async Task<(LabRun Run, string Outcome)> EndAsync() => (await EndedAsync(), await _outcome.Task.WaitAsync(Patience));

    /// <summary>Waits until the app host was told something of the run.</summary>
    public async Task<LabRun> SeenAsync(Predicate<LabRun> what)
    {
        using var timeout = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!(Host.Run is { } run && what(run)))
            await timer.WaitForNextTickAsync(timeout.Token);
        return Host.Run!;
    }

    public Task<long> BeginAsync(ClaimsPrincipal person, OperatorDeed deed, CancellationToken cancellationToken)
    {
        Recorded = deed;
        return Task.FromResult(1L);
    }

    public Task EndAsync(long id, OperatorDeed deed, string outcome)
    {
        _outcome.TrySetResult(outcome);
        return Task.CompletedTask;
    }

    public CancellationToken ApplicationStarted => CancellationToken.None;

    public CancellationToken ApplicationStopping => _stopping.Token;

    public CancellationToken ApplicationStopped => CancellationToken.None;

    public void StopApplication() => _stopping.Cancel();

    public void Dispose()
    {
        _services.Dispose();
        _stopping.Dispose();
    }

    private Task<LabRun> EndedAsync() => SeenAsync(run => run.EndedAt is not null);

    private sealed class Clients : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => new(new Answers(path => path == "/chaos" ? new ChaosState() : null)) { BaseAddress = new Uri($"http://{name}") };
    }
}
