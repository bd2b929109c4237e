using MassTransit;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OrderSample.NotificationService.Data;

namespace OrderSample.Services.RealServers.Tests.Notifications;

/// <summary>One process of the notification service, as its Program.cs builds it.</summary>
internal sealed class NotificationReplica : WebApplicationFactory<NotificationDbContext>
{
    private readonly Dictionary<string, string?> _settings;

    private NotificationReplica(Dictionary<string, string?> settings) => _settings = settings;

    public static NotificationReplica Start(Place place, Uri smsGateway, DirectoryInfo mails)
    {
        var replica = new NotificationReplica(new(place.DatabaseSettings("notifications-db"))
        {
            ["Logging:LogLevel:Default"] = "None",
            ["ConnectionStrings:rabbitmq"] = place.Broker.ToString(),
            ["Sms:GatewayUrl"] = smsGateway.ToString(),
            ["Smtp:PickupFolder"] = mails.FullName,
            ["Messaging:Redelivery:Delays:0"] = "00:00:00.100",
            ["Messaging:Redelivery:Delays:1"] = "00:00:00.200",
        });
        replica.StartServer();
        return replica;
    }

    /// <summary>Publishes as the order service would.</summary>
    public Task Publish<T>(T message, Guid? messageId = null)
        where T : class =>
        Services.GetRequiredService<IBus>().Publish(message, context => context.MessageId = messageId ?? Guid.NewGuid());

    public async Task<T> Query<T>(Func<NotificationDbContext, Task<T>> query)
    {
        await using var scope = Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<NotificationDbContext>());
    }

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environments.Production);
        foreach (var (key, value) in _settings)
            builder.UseSetting(key, value);
        builder.ConfigureTestServices(services => services
            .Configure<HostOptions>(host => host.StartupTimeout = TimeSpan.FromSeconds(60))
            .Configure<MassTransitHostOptions>(host => host.WaitUntilStarted = true));
    }
}
