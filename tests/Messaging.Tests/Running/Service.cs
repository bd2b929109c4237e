using MassTransit;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.Messaging.Tests.Running;

/// <summary>A service as the real ones are built, with one endpoint, <see cref="Queue"/>, on which a test decides what happens.</summary>
public sealed class Service : IAsyncDisposable
{
    /// <summary>The endpoint.</summary>
    public const string Queue = "jobs";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;

    private Service(WebApplication app) => _app = app;

    /// <summary>For what a test asks of the service directly.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>Starts the service; its endpoint is ready when this returns.</summary>
    /// <param name="place">Broker and database.</param>
    /// <param name="work">What the endpoint's consumer does.</param>
    /// <param name="settings">Configuration.</param>
    public static Task<Service> Start(Place place, Func<ConsumeContext<Job>, Task>? work = null, params (string Key, string Value)[] settings) =>
        Start(place, work, log: null, settings);

    /// <summary>Starts a service whose log matters; its endpoint is ready when this returns.</summary>
    /// <param name="place">Broker and database.</param>
    /// <param name="log">Where it logs to.</param>
    /// <param name="settings">Configuration.</param>
    public static Task<Service> Start(Place place, LogLines log, params (string Key, string Value)[] settings) => Start(place, work: null, log, settings);

    private static async Task<Service> Start(Place place, Func<ConsumeContext<Job>, Task>? work, LogLines? log, (string Key, string Value)[] settings)
    {
        await using (var database = new JobDbContext(new DbContextOptionsBuilder<JobDbContext>().UseDatabaseOf(place).Options))
            await database.Database.EnsureCreatedAsync();

        var builder = WebApplication.CreateBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings
            .Append((Key: "ConnectionStrings:rabbitmq", Value: place.Broker.ToString()))
            .ToDictionary(x => x.Key, x => (string?)x.Value));
        builder.Configuration.AddInMemoryCollection(place.DatabaseSettings("jobs-db"));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        if (log is not null)
            builder.Logging.AddProvider(log);
        var provider = builder.AddServiceDatabase<JobDbContext, JobDbContext, JobDbContext>("jobs-db");
        builder.AddServiceMessaging<JobDbContext>(provider, bus =>
        {
            bus.AddConsumerAt<JobConsumer>(Queue);
            bus.AddEntityFrameworkMessageScheduler<JobDbContext>();
        });
        builder.Services.AddSingleton(new Workplace(work ?? (_ => Task.CompletedTask)));
        // A test publishes when its queue is bound, not before.
        builder.Services.Configure<MassTransitHostOptions>(x => x.WaitUntilStarted = true);

        var service = new Service(builder.Build());
        using var timeout = new CancellationTokenSource(Deadline);
        try
        {
            await service._app.StartAsync(timeout.Token);
        }
        catch
        {
            await service._app.DisposeAsync();
            throw;
        }

        return service;
    }

    /// <summary>Publishes within a transaction of the database, as the services do.</summary>
    public async Task Publish<T>(params T[] messages)
        where T : class
    {
        await using var scope = Services.CreateAsyncScope();
        foreach (var message in messages)
            await scope.ServiceProvider.GetRequiredService<IPublishEndpoint>().Publish(message);
        await scope.ServiceProvider.GetRequiredService<JobDbContext>().SaveChangesAsync();
    }

    /// <summary>Stops the consumers; the outbox goes on. It begins when it sees that the bus has started, so one message goes all the way first.</summary>
    public async Task StopConsuming()
    {
        await Publish(new Job(Guid.NewGuid()));
        await Waiting.Until(1, () => Query(x => x.DoneJobs.CountAsync()), "a first job");
        await Waiting.Until(0, () => Query(x => x.Set<OutboxMessage>().CountAsync()), "the outbox to be empty");
        await Services.GetRequiredService<IBusControl>().StopAsync();
        await Query(x => x.DoneJobs.ExecuteDeleteAsync());
    }

    /// <summary>Asks the database.</summary>
    public async Task<T> Query<T>(Func<JobDbContext, Task<T>> query)
    {
        await using var scope = Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<JobDbContext>());
    }

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(Deadline);
        await _app.StopAsync(timeout.Token).WaitAsync(timeout.Token);
        await _app.DisposeAsync().AsTask().WaitAsync(timeout.Token);
    }
}
