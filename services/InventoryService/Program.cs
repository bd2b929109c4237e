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
using OrderSample.ServiceDefaults.Messaging;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
var database = builder.AddServiceDatabase<InventoryDbContext, PostgresInventoryDbContext, SqlServerInventoryDbContext>("inventory-db", Seed.ApplyAsync);
builder.AddServiceMessaging<InventoryDbContext>(database, bus =>
{
    bus.AddConsumerAt<ReserveStockConsumer>(InventoryAddresses.ReservationsQueue);
    bus.AddConsumerAt<CommitStockConsumer>(InventoryAddresses.ReservationsQueue);
    bus.AddConsumerAt<ReleaseStockConsumer>(InventoryAddresses.ReservationsQueue);
    bus.AddConsumerAt<ReservationsReporter>(ReconciliationAddresses.InventoryQueue);
});

var app = builder.Build();
app.MapServiceDefaults();
app.MapReadingStock();
app.MapCountingStock();
app.MapReadingReservation();
await app.RunAsync();
