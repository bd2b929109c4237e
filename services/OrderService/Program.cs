using OrderSample.OrderService.CancellingOrder;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.PayingOrder;
using OrderSample.OrderService.ReadingOrders;
using OrderSample.OrderService.SubmittingOrder;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
var database = builder.AddServiceDatabase<OrderDbContext, PostgresOrderDbContext>("orders-db");
builder.AddOrderSaga(database);
builder.Services.AddScoped<OrderSubmission>();

var app = builder.Build();
app.MapServiceDefaults();
app.MapSubmittingOrder();
app.MapPayingOrder();
app.MapCancellingOrder();
app.MapReadingOrder();
app.MapListingOrders();
await app.RunAsync();
