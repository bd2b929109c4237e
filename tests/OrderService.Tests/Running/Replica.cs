using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OrderSample.OrderService.Data;

namespace OrderSample.OrderService.Tests.Running;

/// <summary>One process of the order service, as far as clock, database and broker are concerned, as its Program.cs builds it.</summary>
internal sealed class Replica : WebApplicationFactory<OrderDbContext>
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Place _place;
    private readonly VirtualTime _time;
    private readonly (string Key, string Value)[] _settings;

    private Replica(Place place, VirtualTime time, (string Key, string Value)[] settings) => (_place, _time, _settings) = (place, time, settings);

    /// <summary>Starts an order service, with its production settings for what isn't set.</summary>
    public static Replica StartOrderService(Place place, VirtualTime time, params (string Key, string Value)[] settings)
    {
        var replica = new Replica(place, time, settings);
        replica.StartServer();
        return replica;
    }

    /// <summary>Does something as a request would, within a scope.</summary>
    public async Task<T> Request<T>(Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = Services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }

    public Task<T> Query<T>(Func<OrderDbContext, Task<T>> query) => Request(scope => query(scope.GetRequiredService<OrderDbContext>()));

    public override ValueTask DisposeAsync() => new(base.DisposeAsync().AsTask().WaitAsync(Deadline));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environments.Production);
        builder.UseSetting("ConnectionStrings:rabbitmq", _place.Broker.ToString());
        foreach (var (key, value) in _place.DatabaseSettings("orders-db"))
            builder.UseSetting(key, value);
        foreach (var (key, value) in _settings)
            builder.UseSetting(key, value);
        builder.ConfigureLogging(logging => logging.ClearProviders());
        builder.ConfigureTestServices(services => services
            .AddSingleton<TimeProvider>(_time)
            .Configure<HostOptions>(host => host.StartupTimeout = Deadline)
            // A test begins when all queues are bound, not before.
            .Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = true));
    }
}
