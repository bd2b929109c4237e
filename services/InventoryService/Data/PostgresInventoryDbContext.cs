using Microsoft.EntityFrameworkCore;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.InventoryService.Data;

/// <summary>The same model with a type of its own, which is how EF Core tells the migrations for PostgreSQL from others.</summary>
/// <param name="options">Where it is stored.</param>
public sealed class PostgresInventoryDbContext(DbContextOptions<PostgresInventoryDbContext> options) : InventoryDbContext(options)
{
    // By code, as all who lock products go, whatever the database's language.
    private static readonly LockingQuery<PostgresInventoryDbContext, string[], Product> LockedProducts = new((context, skus) =>
        context.Products.Where(product => skus.Contains(product.Sku)).OrderBy(product => EF.Functions.Collate(product.Sku, "C")));

    private static readonly LockingQuery<PostgresInventoryDbContext, Guid[], Reservation> LockedReservations = new((context, orderIds) =>
        context.Reservations.Where(reservation => orderIds.Contains(reservation.OrderId)).OrderBy(reservation => reservation.OrderId));

    /// <inheritdoc/>
    protected override Task<List<Product>> ReadLockedProductsAsync(string[] skus, CancellationToken cancellationToken) =>
        LockedProducts.ToListAsync(this, skus, cancellationToken);

    /// <inheritdoc/>
    protected override Task<List<Reservation>> ReadLockedReservationsAsync(Guid[] orderIds, CancellationToken cancellationToken) =>
        LockedReservations.ToListAsync(this, orderIds, cancellationToken);

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.UsePostgresMessaging();
    }
}
