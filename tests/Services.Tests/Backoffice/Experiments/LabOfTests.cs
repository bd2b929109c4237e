using System.Security.Claims;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using OrderSample.Backoffice.Auditing;
using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.Console.Flow;
using OrderSample.Backoffice.Console.Services;
using OrderSample.Backoffice.Lab.Experimenting;
using OrderSample.Backoffice.Messaging;

namespace OrderSample.Services.Tests.Backoffice.Experiments;

/// <summary>The mechanism with an app host and an audit trail in memory, and services that are whole or broken as a test says.</summary>
internal sealed class LabOfTests : IDisposable, IDeedRecord, IHostApplicationLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly ServiceProvider _services;
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource<string> _outcome = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly string _name;

    public LabOfTests(Experiment experiment, Shop? shop = null)
    {
        _name = experiment.About.Name;
        shop ??= new Shop(Defect.None);
        Host = new HostOfTests(shop);
        var broker = new BrokerConnections(new ConfigurationBuilder().AddInMemoryCollection([new("ConnectionStrings:rabbitmq", "amqp://lab:none@localhost")]).Build());
        _services = new ServiceCollection()
            .AddSingleton(new AppHostClient(Http(shop, "app-host")))
            .AddSingleton(new AnyServiceClient(new Clients(shop)))
            .AddSingleton(new OrderServiceClient(Http(shop, "order-service")))
            .AddSingleton(new InventoryServiceClient(Http(shop, "inventory-service")))
            .AddSingleton(new NotificationServiceClient(Http(shop, "notification-service")))
            .AddSingleton(new BrokerQueues(Http(shop, "rabbitmq"), broker, Options.Create(new DeadLetterOptions { ManagementUrl = new("http://rabbitmq") })))
            .BuildServiceProvider();
        Runner = new LabRunner(new ExperimentCatalog([() => experiment]), Host, this, _services.GetRequiredService<IServiceScopeFactory>(), this, TimeProvider.System, NullLogger<LabRunner>.Instance);
    }

    public HostOfTests Host { get; }

    public LabRunner Runner { get; }

    /// <summary>What the audit trail was told first.</summary>
    public OperatorDeed? Recorded { get; private set; }

    public Task<StartOutcome> StartAsync(bool isStepwise = false, string role = "Operator") => Runner.StartAsync(_name,
        new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, "ada"), new Claim(ClaimTypes.Role, role)], "test")), isStepwise, CancellationToken.None);

    /// <summary>Runs it to its end.</summary>
    /// <returns>How it ended, and what the audit trail says of that.</returns>
    public async Task<(LabRun Run, string Outcome)> RunAsync()
    {
        var started = await StartAsync();
        Assert.Null(started.Problem);
        return await EndAsync();
    }

    public async Task<(LabRun Run, string Outcome)> EndAsync() => (await EndedAsync(), await OutcomeAsync());

    /// <summary>What the audit trail says came of it.</summary>
    public Task<string> OutcomeAsync() => _outcome.Task.WaitAsync(Patience);

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

    private static HttpClient Http(Shop shop, string service) => new(new Answers(shop, service)) { BaseAddress = new Uri($"http://{service}") };

    private sealed class Clients(Shop shop) : IHttpClientFactory
    {
        public HttpClient CreateClient(string name) => Http(shop, name);
    }
}
