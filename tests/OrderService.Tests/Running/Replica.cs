using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.Reconciling;
using OrderSample.OrderService.SubmittingOrder;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.OrderService.Tests.Running;

/// <summary>One process, as far as clock, database and broker are concerned.</summary>
internal sealed class Replica : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;

    private Replica(WebApplication app) => _app = app;

    /// <summary>Starts an order service, with its production defaults for what isn't set.</summary>
    public static Task<Replica> StartOrderService(Place place, VirtualTime time, params (string Key, string Value)[] settings) =>
        Start(place, time, settings, builder =>
        {
            builder.AddOrderSaga(builder.AddServiceDatabase<OrderDbContext, PostgresOrderDbContext, SqlServerOrderDbContext>("orders-db"));
            builder.AddReconciling();
            builder.Services.AddScoped<OrderSubmission>();
        });

    /// <summary>
    /// Starts what stands for the inventory and the notification service. Its inbox and outbox are in the order service's
    /// database, because that is at hand; the order service doesn't notice.
    /// </summary>
    public static Task<Replica> StartOtherServices(Place place, VirtualTime time, Script script) =>
        Start(place, time, [], builder =>
        {
            builder.Services.AddSingleton(script);
            var database = builder.AddServiceDatabase<OrderDbContext, PostgresOrderDbContext, SqlServerOrderDbContext>("orders-db");
            builder.AddServiceMessaging<OrderDbContext>(database, ScriptedServices.AddTo);
        });

    /// <summary>Does something as a request would, within a scope.</summary>
    public async Task<T> Request<T>(Func<IServiceProvider, Task<T>> work)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider);
    }

    public Task<T> Query<T>(Func<OrderDbContext, Task<T>> query) => Request(scope => query(scope.GetRequiredService<OrderDbContext>()));

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(Deadline);
        await _app.StopAsync(timeout.Token);
        await _app.DisposeAsync();
    }

    private static async Task<Replica> Start(Place place, VirtualTime time, (string Key, string Value)[] settings, Action<WebApplicationBuilder> configure)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(settings
            .Append((Key: "ConnectionStrings:rabbitmq", Value: place.Broker.ToString()))
            .ToDictionary(x => x.Key, x => (string?)x.Value));
        builder.Configuration.AddInMemoryCollection(place.DatabaseSettings("orders-db"));
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton<TimeProvider>(time);
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        configure(builder);
        // A test begins when all queues are bound, not before.
        builder.Services.Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = true);

        var replica = new Replica(builder.Build());
        using var timeout = new CancellationTokenSource(Deadline);
        try
        {
            await replica._app.StartAsync(timeout.Token);
        }
        catch
        {
            await replica._app.DisposeAsync();
            throw;
        }

        return replica;
    }
}
