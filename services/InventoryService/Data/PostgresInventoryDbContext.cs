using Microsoft.EntityFrameworkCore;

namespace OrderSample.InventoryService.Data;

/// <summary>The same model with a type of its own, which is how EF Core tells the migrations for PostgreSQL from others.</summary>
/// <param name="options">Where it is stored.</param>
public sealed class PostgresInventoryDbContext(DbContextOptions<PostgresInventoryDbContext> options) : InventoryDbContext(options)
{
    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, Product>> LockProductsAsync(
        IEnumerable<string> skus, CancellationToken cancellationToken)
    {
        string[] wanted = [.. skus];
        return await Products
            .FromSql($"""SELECT * FROM "Products" WHERE "Sku" = ANY({wanted}) ORDER BY "Sku" COLLATE "C" FOR UPDATE""")
            .ToDictionaryAsync(product => product.Sku, StringComparer.Ordinal, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<Reservation?> LockReservationAsync(Guid orderId, CancellationToken cancellationToken) =>
        Reservations
            .FromSql($"""SELECT * FROM "Reservations" WHERE "OrderId" = {orderId} FOR UPDATE""")
            .SingleOrDefaultAsync(cancellationToken);
}
