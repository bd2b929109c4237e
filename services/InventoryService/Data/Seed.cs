using Microsoft.EntityFrameworkCore;

namespace OrderSample.InventoryService.Data;

/// <summary>The warehouse's first stock. EF Core calls it after the migrations, under their lock.</summary>
internal static class Seed
{
    public static async Task ApplyAsync(DbContext context, bool schemaChanged, CancellationToken cancellationToken)
    {
        var products = context.Set<Product>();
        if (await products.AnyAsync(cancellationToken))
            return;

        products.AddRange(
            new Product { Sku = "ESPRESSO-MACHINE", Name = "Espresso machine", OnHand = 1_000 },
            new Product { Sku = "COFFEE-GRINDER", Name = "Coffee grinder", OnHand = 2_000 },
            new Product { Sku = "MILK-FROTHER", Name = "Milk frother", OnHand = 2_000 },
            new Product { Sku = "BEANS-1KG", Name = "Coffee beans, 1 kg", OnHand = 1_000_000 },
            new Product { Sku = "BEANS-250G", Name = "Coffee beans, 250 g", OnHand = 1_000_000 },
            new Product { Sku = "FILTER-PAPER", Name = "Filter paper, 100 sheets", OnHand = 1_000_000 },
            new Product { Sku = "CUP-SMALL", Name = "Espresso cup", OnHand = 100_000 },
            new Product { Sku = "CUP-LARGE", Name = "Cappuccino cup", OnHand = 100_000 },
            new Product { Sku = "KETTLE", Name = "Gooseneck kettle", OnHand = 5_000 },
            new Product { Sku = "SCALE", Name = "Coffee scale", OnHand = 5_000 },
            new Product { Sku = "TAMPER", Name = "Tamper", OnHand = 50 },
            new Product { Sku = "SIGNED-POSTER", Name = "Signed poster, last ones", OnHand = 3 });
        await context.SaveChangesAsync(cancellationToken);
    }
}
