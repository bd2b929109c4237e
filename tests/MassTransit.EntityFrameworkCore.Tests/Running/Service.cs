using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MassTransit.EntityFrameworkCore.Tests.Running;

/// <summary>One process of a service, as far as messages go: a bus, a database and the outbox between them.</summary>
public sealed class Service : IAsyncDisposable
{
    private readonly IHost _host;

    private Service(IHost host) => _host = host;

    public IServiceProvider Services => _host.Services;

    public Arrivals Arrivals => Services.GetRequiredService<Arrivals>();

    /// <summary>Publishes at once, past the outbox.</summary>
    /// <remarks>Async, so that the log context that the bus keeps for the calling flow ends here and does not outlive this service.</remarks>
    public async Task Publish<T>(T message, Action<PublishContext<T>>? configure = null)
        where T : class =>
        await Services.GetRequiredService<IBus>().Publish(message, context => configure?.Invoke(context));

    /// <param name="place">Broker and database.</param>
    /// <param name="register">Consumers and sagas.</param>
    /// <param name="endpoints">Endpoints by hand.</param>
    /// <param name="delivery">How failed deliveries are repeated.</param>
    /// <param name="sharesTransactions">Whether endpoints may consume several messages in one transaction.</param>
    /// <param name="time">Another clock than the machine's.</param>
    /// <param name="commands">Sees the commands of the service's own scopes.</param>
    /// <param name="delivers">False for a process that dies after each commit, before anything is published.</param>
    public static async Task<Service> Start(Place place, Action<IBusRegistrationConfigurator>? register = null,
        Action<IBusRegistrationContext, IRabbitMqBusFactoryConfigurator>? endpoints = null, bool delivers = true,
        Action<IEntityFrameworkBusOutboxConfigurator>? delivery = null, bool sharesTransactions = false, TimeProvider? time = null, IInterceptor? commands = null)
    {
        await using (var database = place.OpenDatabase())
            await database.Database.EnsureCreatedAsync();
        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(time ?? TimeProvider.System);
        builder.Services.AddSingleton<Arrivals>();
        builder.Services.AddSingleton(place);
        var options = place.DatabaseOptions(commands);
        builder.Services.AddSingleton(options);
        builder.Services.AddScoped(_ => new TestDbContext(options));
        // A test publishes when its queues are bound, not before.
        builder.Services.Configure<MassTransitHostOptions>(x => x.WaitUntilStarted = true);
        builder.Services.AddMassTransit(bus =>
        {
            bus.DisableUsageTelemetry();
            bus.AddEntityFrameworkOutbox<TestDbContext>(outbox =>
            {
                outbox.LockStatementProvider = place.Locks();
                outbox.QueryDelay = TimeSpan.FromMilliseconds(200);
                if (sharesTransactions)
                    outbox.ShareTransactions();
                outbox.UseBusOutbox(configurator =>
                {
                    configurator.MessageDeliveryTimeout = TimeSpan.FromSeconds(2);
                    if (!delivers)
                        configurator.DisableDeliveryService();
                    delivery?.Invoke(configurator);
                });
            });
            bus.AddEntityFrameworkMessageScheduler<TestDbContext>();
            register?.Invoke(bus);
            bus.UsingRabbitMq((context, rabbit) =>
            {
                rabbit.Host(place.Broker, host => host.PublisherConfirmation = true);
                rabbit.UseEntityFrameworkMessageScheduler();
                endpoints?.Invoke(context, rabbit);
            });
        });

        var service = new Service(builder.Build());
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await service._host.StartAsync(timeout.Token);
        return service;
    }

    /// <summary>A queue whose consumers work in one transaction with inbox and outbox, and retry quickly.</summary>
    public static void Queue(IBusRegistrationContext context, IRabbitMqBusFactoryConfigurator rabbit, string name,
        Action<IRabbitMqReceiveEndpointConfigurator> configure, int retries = 20) =>
        rabbit.ReceiveEndpoint(name, endpoint =>
        {
            endpoint.SetQuorumQueue();
            endpoint.ConcurrentMessageLimit = 8;
            if (retries > 0)
                endpoint.UseMessageRetry(retry => retry.Interval(retries, TimeSpan.FromMilliseconds(20)));
            endpoint.UseEntityFrameworkOutbox<TestDbContext>(context);
            configure(endpoint);
        });

    /// <summary>Stores messages in the scope of a request: commits what <paramref name="work"/> did.</summary>
    public async Task Request(Func<IServiceProvider, TestDbContext, Task> work)
    {
        await using var scope = Services.CreateAsyncScope();
        await work(scope.ServiceProvider, scope.ServiceProvider.GetRequiredService<TestDbContext>());
    }

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _host.StopAsync(timeout.Token).WaitAsync(timeout.Token);
        if (_host is IAsyncDisposable disposable)
            await disposable.DisposeAsync().AsTask().WaitAsync(timeout.Token);
    }
}
