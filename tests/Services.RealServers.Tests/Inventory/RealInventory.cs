using MassTransit;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.InventoryService.CommittingStock;
using OrderSample.InventoryService.Data;
using OrderSample.InventoryService.ReleasingStock;
using OrderSample.InventoryService.ReservingStock;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.Services.RealServers.Tests.Inventory;

/// <summary>
/// The inventory service's consumers on a database, without a broker: what an endpoint does around a consumer is done
/// here, one transaction for each message, tried again when it meets another one.
/// </summary>
internal sealed class RealInventory : IAsyncDisposable
{
    private const int MaxAttempts = 7;

    private readonly WebApplication _app;
    private readonly IDatabaseProvider _database;

    private RealInventory(WebApplication app, IDatabaseProvider database) => (_app, _database) = (app, database);

    public static async Task<RealInventory> Start(Place place)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(place.DatabaseSettings("inventory-db"))
        {
            ["Logging:LogLevel:Default"] = "None",
        });
        builder.AddServiceDefaults();
        var database = builder.AddServiceDatabase<InventoryDbContext, PostgresInventoryDbContext, SqlServerInventoryDbContext>("inventory-db");
        var inventory = new RealInventory(builder.Build(), database);
        await inventory.Query(async context =>
        {
            await context.Database.MigrateAsync();
            return true;
        });
        return inventory;
    }

    /// <summary>Handles a command as the endpoint would.</summary>
    /// <returns>The name of the answering event; empty when there is none.</returns>
    public Task<string> Do(object command) => command switch
    {
        ReserveStock reserve => Consume<ReserveStockConsumer, ReserveStock>(reserve),
        CommitStock commit => Consume<CommitStockConsumer, CommitStock>(commit),
        ReleaseStock release => Consume<ReleaseStockConsumer, ReleaseStock>(release),
        _ => throw new ArgumentOutOfRangeException(nameof(command), command, "not a command of the inventory"),
    };

    public async Task<T> Query<T>(Func<InventoryDbContext, Task<T>> query)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await query(scope.ServiceProvider.GetRequiredService<InventoryDbContext>());
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<string> Consume<TConsumer, TMessage>(TMessage message)
        where TConsumer : IConsumer<TMessage>
        where TMessage : class
    {
        for (var attempt = 1; ; attempt++)
        {
            await using var scope = _app.Services.CreateAsyncScope();
            var context = scope.ServiceProvider.GetRequiredService<InventoryDbContext>();
            var consumed = Delivery<TMessage>.Of(message);
            try
            {
                await using var transaction = await context.Database.BeginTransactionAsync();
                await ActivatorUtilities.CreateInstance<TConsumer>(scope.ServiceProvider).Consume((ConsumeContext<TMessage>)(object)consumed);
                await context.SaveChangesAsync();
                await transaction.CommitAsync();
                return string.Join(", ", consumed.Published);
            }
            catch (Exception exception) when (attempt < MaxAttempts && _database.IsWorthAnotherTry(exception))
            {
                // Rolled back; as at the endpoint, the next attempt finds what it met.
            }
        }
    }
}
