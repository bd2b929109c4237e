using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Reconciling;
using OrderSample.InventoryService.CommittingStock;
using OrderSample.InventoryService.Data;
using OrderSample.InventoryService.ManagingStock;
using OrderSample.InventoryService.ReadingReservations;
using OrderSample.InventoryService.Reconciling;
using OrderSample.InventoryService.ReleasingStock;
using OrderSample.InventoryService.ReservingStock;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Http.Describing;
using OrderSample.ServiceDefaults.Messaging;
using OrderSample.ServiceDefaults.Messaging.Backlog;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddOpenApi(api => api.Describe("Inventory service",
    "Says what is in the warehouse and what is held for orders, and takes the outcome of a stock-taking. Reservations are made, taken out and "
    + "released by messages from the order service. Every error is a problem (RFC 9457).",
    ("Stock", "Look at the stock of products, and set it."),
    ("Reservations", "See what is held for an order.")));
var database = builder.AddServiceDatabase<InventoryDbContext, PostgresInventoryDbContext, SqlServerInventoryDbContext>("inventory-db", Seed.ApplyAsync);
builder.AddServiceMessaging<InventoryDbContext>(database, bus =>
{
    bus.AddConsumerAt<ReserveStockConsumer>(InventoryAddresses.ReservationsQueue);
    bus.AddConsumerAt<CommitStockConsumer>(InventoryAddresses.ReservationsQueue);
    bus.AddConsumerAt<ReleaseStockConsumer>(InventoryAddresses.ReservationsQueue);
    bus.AddConsumerAt<ReservationsReporter>(ReconciliationAddresses.InventoryQueue);
});
builder.AddQueueMonitor(InventoryAddresses.ReservationsQueue);

var app = builder.Build();
app.MapServiceDefaults();
app.MapReadingStock();
app.MapCountingStock();
app.MapReadingReservation();
await app.RunAsync();
