using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderSample.Contracts.Inventory;
using OrderSample.InventoryService.CommittingStock;
using OrderSample.InventoryService.Data;
using OrderSample.InventoryService.ReleasingStock;
using OrderSample.InventoryService.ReservingStock;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.Reconciling;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.Services.RealServers.Tests.Messages;

/// <summary>One process of a service, as far as messages go.</summary>
/// <typeparam name="TContext">Its data.</typeparam>
internal sealed class ServiceReplica<TContext> : IAsyncDisposable
    where TContext : DbContext
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly WebApplication _app;

    private ServiceReplica(WebApplication app) => _app = app;

    public static async Task<ServiceReplica<TContext>> Start(Place place, string database, Action<WebApplicationBuilder> add)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(place.DatabaseSettings(database));
        builder.Configuration["ConnectionStrings:rabbitmq"] = place.Broker.ToString();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        add(builder);
        builder.Services.Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = true);
        var replica = new ServiceReplica<TContext>(builder.Build());
        using var timeout = new CancellationTokenSource(Deadline);
        await replica._app.StartAsync(timeout.Token);
        return replica;
    }

    public async Task<T> Do<T>(Func<TContext, Task<T>> work)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<TContext>());
    }

    /// <summary>Stores what a test begins with.</summary>
    public Task Given(params object[] rows) => Do(context =>
    {
        context.AddRange(rows);
        return context.SaveChangesAsync();
    });

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(Deadline);
        await _app.StopAsync(timeout.Token);
        await _app.DisposeAsync();
    }
}

/// <summary>The services.</summary>
internal static class ServiceReplicas
{
    public static Task<ServiceReplica<OrderDbContext>> StartOrders(Place place) => ServiceReplica<OrderDbContext>.Start(place, "orders-db", builder =>
    {
        builder.AddOrderSaga(builder.AddServiceDatabase<OrderDbContext, PostgresOrderDbContext, SqlServerOrderDbContext>("orders-db"));
        builder.AddReconciling();
    });

    public static Task<ServiceReplica<InventoryDbContext>> StartInventory(Place place) => ServiceReplica<InventoryDbContext>.Start(place, "inventory-db", builder =>
    {
        var database = builder.AddServiceDatabase<InventoryDbContext, PostgresInventoryDbContext, SqlServerInventoryDbContext>("inventory-db", Seed.ApplyAsync);
        builder.AddServiceMessaging<InventoryDbContext>(database, bus =>
        {
            bus.AddConsumerAt<ReserveStockConsumer>(InventoryAddresses.ReservationsQueue);
            bus.AddConsumerAt<CommitStockConsumer>(InventoryAddresses.ReservationsQueue);
            bus.AddConsumerAt<ReleaseStockConsumer>(InventoryAddresses.ReservationsQueue);
        });
    });
}
