using OrderSample.NotificationService.Data;
using OrderSample.NotificationService.Notifying;
using OrderSample.NotificationService.ReadingNotifications;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
var database = builder.AddServiceDatabase<NotificationDbContext, PostgresNotificationDbContext, SqlServerNotificationDbContext>("notifications-db");
builder.AddNotifying(database);

var app = builder.Build();
app.MapServiceDefaults();
app.MapReadingNotifications();
await app.RunAsync();
