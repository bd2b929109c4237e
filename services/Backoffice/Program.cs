using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.Console;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.DiscardingDeadLetters;
using OrderSample.Backoffice.Lab.Experimenting;
using OrderSample.Backoffice.ReadingDeadLetters;
using OrderSample.Backoffice.ReplayingDeadLetters;
using OrderSample.Backoffice.SigningIn;
using OrderSample.Backoffice.WatchingDeadLetters;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Http.Describing;

var builder = WebApplication.CreateBuilder(args);
builder.AddServiceDefaults();
builder.Services.AddOpenApi(api => api.Describe("Backoffice",
    "The dead-letter desk: messages that no service could handle, to be looked at, replayed or discarded. It asks who you are."));
builder.AddServiceDatabase<BackofficeDbContext, PostgresBackofficeDbContext, SqlServerBackofficeDbContext>("backoffice-db");
builder.AddSigningIn();
builder.AddCollectingDeadLetters();
builder.AddReplayingDeadLetters();
builder.AddDiscardingDeadLetters();
builder.AddWatchingDeadLetters();
builder.AddLab();
builder.AddConsole();

var app = builder.Build();
app.UseSecureHeaders();
app.MapServiceDefaults();
app.UseNotFoundPage();
app.UseSigningIn();
app.MapAccess();
app.MapReadingDeadLetters();
app.MapReplayingDeadLetters();
app.MapDiscardingDeadLetters();
app.MapLab();
app.MapConsole();
await app.RunAsync();
