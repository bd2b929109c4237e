using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.NotificationService.Data;
using OrderSample.NotificationService.Notifying;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.Services.RealServers.Tests.Notifications;

/// <summary>One process of the notification service, as far as messages go.</summary>
internal sealed class NotificationReplica : IAsyncDisposable
{
    private readonly WebApplication _app;

    private NotificationReplica(WebApplication app) => _app = app;

    public static async Task<NotificationReplica> Start(Place place, Uri smsGateway, DirectoryInfo mails)
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Logging:LogLevel:Default"] = "None",
            ["ConnectionStrings:rabbitmq"] = place.Broker.ToString(),
            ["Sms:GatewayUrl"] = smsGateway.ToString(),
            ["Smtp:PickupFolder"] = mails.FullName,
            ["Messaging:PrefetchCount"] = "100",
            ["Messaging:ConcurrentMessageLimit"] = "100",
            ["Messaging:Redelivery:Delays:0"] = "00:00:00.100",
            ["Messaging:Redelivery:Delays:1"] = "00:00:00.200",
        });
        builder.Configuration.AddInMemoryCollection(place.DatabaseSettings("notifications-db"));
        builder.AddServiceDefaults();
        var database = builder.AddServiceDatabase<NotificationDbContext, PostgresNotificationDbContext, SqlServerNotificationDbContext>("notifications-db");
        builder.AddNotifying(database);
        builder.Services.Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = true);
        var app = builder.Build();
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await app.StartAsync(timeout.Token);
        return new NotificationReplica(app);
    }

    /// <summary>Publishes as the order service would.</summary>
    public Task Publish<T>(T message, Guid? messageId = null)
        where T : class =>
        _app.Services.GetRequiredService<IBus>().Publish(message, context => context.MessageId = messageId ?? Guid.NewGuid());

    public async Task<T> Query<T>(Func<NotificationDbContext, Task<T>> query)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<NotificationDbContext>());
    }

    public async ValueTask DisposeAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        await _app.StopAsync(timeout.Token);
        await _app.DisposeAsync();
    }
}
