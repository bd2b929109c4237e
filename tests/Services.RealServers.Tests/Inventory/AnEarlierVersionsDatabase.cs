using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using OrderSample.InventoryService.Data;
using OrderSample.ServiceDefaults;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.Services.RealServers.Tests.Inventory;

[Collection(ServersCollection.Name)]
public sealed class AnEarlierVersionsDatabase(TestServers servers)
{
    [Theory, OnPostgres, OnSqlServer]
    public async Task Is_refused_with_the_way_out_and_left_as_it_is(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var earlier = await RealInventory.Start(place);
        await earlier.Query(x => x.Database.ExecuteSqlRawAsync("""UPDATE "__EFMigrationsHistory" SET "MigrationId" = '20200101000000_Initial' WHERE "MigrationId" LIKE '%_Initial'"""));
        var applied = await earlier.Query(x => x.Database.GetAppliedMigrationsAsync());

        var builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(new Dictionary<string, string?>(place.DatabaseSettings("inventory-db"))
        {
            ["urls"] = "http://127.0.0.1:0",
            ["Logging:LogLevel:Default"] = "None",
        });
        builder.AddServiceDefaults();
        builder.AddServiceDatabase<InventoryDbContext, PostgresInventoryDbContext, SqlServerInventoryDbContext>("inventory-db");
        await using var later = builder.Build();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => later.StartAsync());

        Assert.Contains("--fresh", refused.Message, StringComparison.Ordinal);
        Assert.Equal(applied, await earlier.Query(x => x.Database.GetAppliedMigrationsAsync()));
    }
}
