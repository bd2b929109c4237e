using OrderSample.OrderService.AttendingOrder;
using OrderSample.OrderService.CancellingOrder;
using OrderSample.OrderService.Data;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.PayingOrder;
using OrderSample.OrderService.ReadingOrders;
using OrderSample.OrderService.Reconciling;
using OrderSample.OrderService.SubmittingOrder;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Http.Describing;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddOpenApi(api => api.Describe("Order service",
    "Takes orders, payments and cancellations, and says how far an order has got. An order is stored and answered at once; the services then "
    + "exchange messages until it is completed, rejected or cancelled. Every error is a problem (RFC 9457).",
    ("Orders", "Place, pay, cancel and watch orders."),
    ("Attention", "Decide about parked orders: those that could not be ended in all attempts and wait for a person."),
    ("Reconciliation", "Compare the ledgers of all services, and repair what differs.")));
var database = builder.AddServiceDatabase<OrderDbContext, PostgresOrderDbContext, SqlServerOrderDbContext>("orders-db");
builder.AddOrderSaga(database);
builder.AddReconciling();
builder.AddAdmission();
builder.Services.AddScoped<OrderSubmission>();
builder.Services.AddSingleton<BatchSubmission>();
builder.Services.AddSingleton<PayableOrders>();

var app = builder.Build();
app.MapServiceDefaults();
app.MapSubmittingOrder();
app.MapSubmittingBatch();
app.MapPayingOrder();
app.MapCancellingOrder();
app.MapAttendingOrder();
app.MapReadingOrder();
app.MapListingOrders();
app.MapCountingOrders();
app.MapReconciling();
await app.RunAsync();
