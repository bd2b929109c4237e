using Microsoft.EntityFrameworkCore;
using Npgsql;
using OrderSample.InventoryService.Data;

namespace OrderSample.Services.RealServers.Tests.Inventory;

/// <summary>A deadlock takes two; here the database says for the first two tries that there was one.</summary>
[Collection(ServersCollection.Name)]
public sealed class SavesAreTriedAgain(TestServers servers)
{
    private const string Sku = "KETTLE";

    [Fact]
    public async Task When_a_deadlock_has_undone_them()
    {
        await using var inventory = await StartWithDeadlocks();

        var saved = await inventory.Query(CountAsync);

        Assert.Equal(1, saved);
        Assert.Equal(7, await inventory.Query(x => x.Products.Where(product => product.Sku == Sku).Select(product => product.OnHand).SingleAsync()));
    }

    [Fact]
    public async Task But_not_within_a_transaction_which_is_undone_as_a_whole()
    {
        await using var inventory = await StartWithDeadlocks();

        var failed = await Assert.ThrowsAsync<DbUpdateException>(() => inventory.Query(async x =>
        {
            await using var transaction = await x.Database.BeginTransactionAsync();
            return await CountAsync(x);
        }));

        Assert.Equal(PostgresErrorCodes.DeadlockDetected, Assert.IsType<PostgresException>(failed.InnerException).SqlState);
    }

    private static async Task<int> CountAsync(InventoryDbContext context)
    {
        var product = await context.Products.SingleAsync(x => x.Sku == Sku);
        product.OnHand = 7;
        return await context.SaveChangesAsync();
    }

    private async Task<RealInventory> StartWithDeadlocks()
    {
        var inventory = await RealInventory.Start(await servers.NewPlace());
        await inventory.Query(async x =>
        {
            x.Products.Add(new Product { Sku = Sku, Name = "Gooseneck kettle", OnHand = 5 });
            await x.SaveChangesAsync();
            return await x.Database.ExecuteSqlRawAsync("""
                CREATE SEQUENCE tries;
                CREATE FUNCTION meet_another() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN
                    IF nextval('tries') <= 2 THEN RAISE EXCEPTION 'made for a test' USING ERRCODE = '40P01'; END IF;
                    RETURN NEW;
                END $$;
                CREATE TRIGGER meet_another BEFORE UPDATE ON "Products" FOR EACH ROW EXECUTE FUNCTION meet_another()
                """);
        });
        return inventory;
    }
}
