using Microsoft.Extensions.Options;
using OrderSample.Contracts.Reconciling;
using OrderSample.NotificationService.Data;
using OrderSample.NotificationService.Reconciling;
using OrderSample.NotificationService.SendingEmail;
using OrderSample.NotificationService.SendingSms;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Messaging;
using OrderSample.ServiceDefaults.Messaging.Backlog;

namespace OrderSample.NotificationService.Notifying;

/// <summary>Registers the channels.</summary>
internal static class NotifyingExtensions
{
    public static void AddNotifying(this WebApplicationBuilder builder, IDatabaseProvider database)
    {
        builder.Services.AddOptions<SmtpOptions>().BindConfiguration(SmtpOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddOptions<SmsOptions>().BindConfiguration(SmsOptions.Section);
        builder.Services.AddScoped<NotificationLedger>();
        builder.Services.AddScoped<Notifier>();
        builder.Services.AddSingleton<EmailSender>();
        builder.Services.AddHttpClient<SmsSender>((services, http) =>
            http.Timeout = services.GetRequiredService<IOptions<SmsOptions>>().Value.Timeout);
        builder.AddServiceMessaging<NotificationDbContext>(database, bus =>
        {
            bus.AddBatchConsumerAt<EmailConsumer>(EmailConsumer.Queue);
            bus.AddBatchConsumerAt<SmsConsumer>(SmsConsumer.Queue);
            bus.AddConsumerAt<NotificationsReporter>(ReconciliationAddresses.NotificationsQueue);
        });
        builder.AddQueueMonitor(EmailConsumer.Queue, SmsConsumer.Queue);
    }
}
