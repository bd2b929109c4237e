using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.Console;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.DiscardingDeadLetters;
using OrderSample.Backoffice.ReadingDeadLetters;
using OrderSample.Backoffice.ReplayingDeadLetters;
using OrderSample.Backoffice.WatchingDeadLetters;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.AddServiceDatabase<BackofficeDbContext, PostgresBackofficeDbContext>("backoffice-db");
builder.AddCollectingDeadLetters();
builder.AddReplayingDeadLetters();
builder.AddDiscardingDeadLetters();
builder.AddWatchingDeadLetters();
builder.AddConsole();

var app = builder.Build();
app.MapServiceDefaults();
app.MapReadingDeadLetters();
app.MapReplayingDeadLetters();
app.MapDiscardingDeadLetters();
app.MapConsole();
await app.RunAsync();
