using OrderSample.OrderService.CancellingOrder;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.PayingOrder;
using OrderSample.OrderService.ReadingOrders;
using OrderSample.OrderService.Reconciling;
using OrderSample.OrderService.SubmittingOrder;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
var database = builder.AddServiceDatabase<OrderDbContext, PostgresOrderDbContext>("orders-db");
builder.AddOrderSaga(database);
builder.AddReconciling();
builder.Services.AddScoped<OrderSubmission>();
builder.Services.AddSingleton<BatchSubmission>();

var app = builder.Build();
app.MapServiceDefaults();
app.MapSubmittingOrder();
app.MapSubmittingBatch();
app.MapPayingOrder();
app.MapCancellingOrder();
app.MapReadingOrder();
app.MapListingOrders();
app.MapReconciling();
await app.RunAsync();
