using OrderSample.NotificationService.Data;
using OrderSample.NotificationService.Notifying;
using OrderSample.NotificationService.ReadingNotifications;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Http.Describing;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddOpenApi(api => api.Describe("Notification service",
    "Says what customers were told about their orders, by e-mail and text message. Notifications are sent when messages from the order service "
    + "arrive. Every error is a problem (RFC 9457).",
    ("Notifications", "See what a customer was told.")));
var database = builder.AddServiceDatabase<NotificationDbContext, PostgresNotificationDbContext, SqlServerNotificationDbContext>("notifications-db");
builder.AddNotifying(database);

var app = builder.Build();
app.MapServiceDefaults();
app.MapReadingNotifications();
await app.RunAsync();
