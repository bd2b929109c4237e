using Microsoft.EntityFrameworkCore;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.InventoryService.Data;

/// <summary>The same model with a type of its own, which is how EF Core tells the migrations for PostgreSQL from others.</summary>
/// <param name="options">Where it is stored.</param>
public sealed class PostgresInventoryDbContext(DbContextOptions<PostgresInventoryDbContext> options) : InventoryDbContext(options)
{
    /// <inheritdoc/>
    protected override Task<List<Product>> ReadLockedProductsAsync(string[] skus, CancellationToken cancellationToken) =>
        Products
            .FromSql($"""SELECT * FROM "Products" WHERE "Sku" = ANY({skus}) ORDER BY "Sku" COLLATE "C" FOR UPDATE""")
            .ToListAsync(cancellationToken);

    /// <inheritdoc/>
    protected override Task<List<Reservation>> ReadLockedReservationsAsync(Guid[] orderIds, CancellationToken cancellationToken) =>
        Reservations
            .FromSql($"""SELECT * FROM "Reservations" WHERE "OrderId" = ANY({orderIds}) ORDER BY "OrderId" FOR UPDATE""")
            .ToListAsync(cancellationToken);

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.UsePostgresMessaging();
    }
}
