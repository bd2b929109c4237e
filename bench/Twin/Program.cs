using Npgsql;
using OrderSample.Bench.Twin;
using OrderSample.Bench.Twin.Inventory;
using OrderSample.Bench.Twin.Messaging;
using OrderSample.Bench.Twin.Notifying;
using OrderSample.Bench.Twin.Ordering;
using OrderSample.Contracts.Ordering.Events;

var builder = WebApplication.CreateSlimBuilder(args);
builder.Logging.SetMinimumLevel(LogLevel.Warning);
builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.PropertyNameCaseInsensitive = true);

string Required(string name) => builder.Configuration.GetConnectionString(name) ?? throw new InvalidOperationException($"ConnectionStrings:{name} is not configured.");
builder.Services.AddSingleton(NpgsqlDataSource.Create($"{Required("database")};Maximum Pool Size=40;Max Auto Prepare=100;Auto Prepare Min Usages=2;No Reset On Close=true"));
builder.Services.AddSingleton(new Broker(new Uri(Required("rabbitmq"))));
builder.Services.AddSingleton<Outbox>();

var app = builder.Build();
app.MapGet("/health/ready", () => Results.Ok());
var outbox = app.Services.GetRequiredService<Outbox>();
switch (Enum.Parse<TwinRole>(args[0], ignoreCase: true))
{
    case TwinRole.Order:
        await OrderSaga.Start(app.Services);
        app.MapOrders();
        app.MapSerialOrders(builder.Configuration);
        break;
    case TwinRole.Inventory:
        await StockConsumer.Start(app.Services);
        app.MapSerialReservations();
        break;
    default:
        var notify = await NoticeConsumer.Start(app.Services, builder.Configuration["Mail:Folder"] ?? throw new InvalidOperationException("Mail:Folder is not configured."));
        app.MapPost("/serial/notices", (OrderReserved order) => notify(Notice.Of(order)));
        break;
}

outbox.Start(app.Lifetime.ApplicationStopping);
await app.RunAsync();
