using Microsoft.EntityFrameworkCore;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.InventoryService.Data;

/// <summary>The same model as SQL Server stores it, with migrations of its own.</summary>
/// <param name="options">Where it is stored.</param>
public sealed class SqlServerInventoryDbContext(DbContextOptions<SqlServerInventoryDbContext> options) : InventoryDbContext(options)
{
    // Rows are locked as they are found: by their keys, in the order of those, and no others, as in a small table that is read whole.

    /// <inheritdoc/>
    protected override Task<List<Product>> ReadLockedProductsAsync(string[] skus, CancellationToken cancellationToken) =>
        skus.Length == 0 // nothing to seek by
            ? Task.FromResult<List<Product>>([])
            : Products
                .FromSql($"SELECT * FROM [Products] WITH (UPDLOCK, ROWLOCK, FORCESEEK)")
                .Where(product => skus.Contains(product.Sku)).OrderBy(product => product.Sku)
                .ToListAsync(cancellationToken);

    /// <inheritdoc/>
    protected override Task<List<Reservation>> ReadLockedReservationsAsync(Guid[] orderIds, CancellationToken cancellationToken) =>
        Reservations
            .FromSql($"SELECT * FROM [Reservations] WITH (UPDLOCK, ROWLOCK, FORCESEEK)")
            .Where(reservation => orderIds.Contains(reservation.OrderId)).OrderBy(reservation => reservation.OrderId)
            .ToListAsync(cancellationToken);

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) => configurationBuilder.UseSqlServerTypes();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.ClusterBy<Reservation>(x => x.CreatedAt);
        modelBuilder.CompareVersions<Reservation>();
        modelBuilder.CompareVersions<Product>();
        modelBuilder.UseSqlServerMessaging();
    }
}
