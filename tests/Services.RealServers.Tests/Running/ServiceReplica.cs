using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderSample.Backoffice.Data;
using OrderSample.InventoryService.Data;
using OrderSample.NotificationService.Data;
using OrderSample.OrderService.Data;

namespace OrderSample.Services.RealServers.Tests.Running;

/// <summary>One process of a service, as its Program.cs builds it, on real servers.</summary>
/// <typeparam name="TContext">Its data, and which service it is.</typeparam>
internal sealed class ServiceReplica<TContext> : WebApplicationFactory<TContext>
    where TContext : DbContext
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly Dictionary<string, string?> _settings;

    private ServiceReplica(Dictionary<string, string?> settings) => _settings = settings;

    public static ServiceReplica<TContext> Start(Place place, string database, params (string Key, string Value)[] settings)
    {
        var replica = new ServiceReplica<TContext>(new(place.DatabaseSettings(database))
        {
            ["Logging:LogLevel:Default"] = "None",
            ["ConnectionStrings:rabbitmq"] = place.Broker.ToString(),
        });
        foreach (var (key, value) in settings)
            replica._settings[key] = value;
        replica.StartServer();
        return replica;
    }

    /// <summary>Publishes past the outbox, as another service would.</summary>
    public Task Publish<T>(T message, Guid? messageId = null)
        where T : class =>
        Services.GetRequiredService<IBus>().Publish(message, context => context.MessageId = messageId ?? Guid.NewGuid());

    public async Task<T> Query<T>(Func<TContext, Task<T>> query)
    {
        await using var scope = Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<TContext>());
    }

    /// <summary>Stores what a test begins with.</summary>
    public Task Given(params object[] rows) => Query(context =>
    {
        context.AddRange(rows);
        return context.SaveChangesAsync();
    });

    public override ValueTask DisposeAsync() => new(base.DisposeAsync().AsTask().WaitAsync(Deadline));

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environments.Production);
        foreach (var (key, value) in _settings)
            builder.UseSetting(key, value);
        builder.ConfigureTestServices(services => services
            .Configure<HostOptions>(host => host.StartupTimeout = Deadline)
            .Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = true));
    }
}

/// <summary>The services.</summary>
internal static class ServiceReplicas
{
    public static ServiceReplica<OrderDbContext> StartOrders(Place place) => ServiceReplica<OrderDbContext>.Start(place, "orders-db");

    public static ServiceReplica<InventoryDbContext> StartInventory(Place place, params (string Key, string Value)[] settings) =>
        ServiceReplica<InventoryDbContext>.Start(place, "inventory-db", settings);

    public static ServiceReplica<BackofficeDbContext> StartBackoffice(Place place, params (string Key, string Value)[] settings) =>
        ServiceReplica<BackofficeDbContext>.Start(place, "backoffice-db", [("DeadLetters:ManagementUrl", place.Management.BaseAddress!.ToString()), .. settings]);

    public static ServiceReplica<NotificationDbContext> StartNotifications(Place place, Uri smsGateway, DirectoryInfo mails, params (string Key, string Value)[] settings) =>
        ServiceReplica<NotificationDbContext>.Start(place, "notifications-db",
            [
                ("Sms:GatewayUrl", smsGateway.ToString()),
                ("Smtp:PickupFolder", mails.FullName),
                ("Messaging:Redelivery:Delays:0", "00:00:00.100"),
                ("Messaging:Redelivery:Delays:1", "00:00:00.200"),
                .. settings,
            ]);
}
