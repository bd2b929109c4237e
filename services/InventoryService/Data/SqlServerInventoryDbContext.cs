using Microsoft.EntityFrameworkCore;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.InventoryService.Data;

/// <summary>The same model as SQL Server stores it, with migrations of its own.</summary>
/// <param name="options">Where it is stored.</param>
public sealed class SqlServerInventoryDbContext(DbContextOptions<SqlServerInventoryDbContext> options) : InventoryDbContext(options)
{
    /// <inheritdoc/>
    public override async Task<IReadOnlyDictionary<string, Product>> LockProductsAsync(
        IEnumerable<string> skus, CancellationToken cancellationToken)
    {
        // Rows are locked as they are found: by their key, the SKU, in its order.
        string[] wanted = [.. skus.Order(StringComparer.Ordinal)];
        return await Products
            .FromSql($"SELECT * FROM [Products] WITH (UPDLOCK, ROWLOCK)")
            .Where(product => wanted.Contains(product.Sku)).OrderBy(product => product.Sku)
            .ToDictionaryAsync(product => product.Sku, StringComparer.Ordinal, cancellationToken);
    }

    /// <inheritdoc/>
    public override Task<Reservation?> LockReservationAsync(Guid orderId, CancellationToken cancellationToken) =>
        Reservations
            .FromSql($"SELECT * FROM [Reservations] WITH (UPDLOCK, ROWLOCK) WHERE [OrderId] = {orderId}")
            .SingleOrDefaultAsync(cancellationToken);

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) => configurationBuilder.UseSqlServerTypes();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.ClusterBy<Reservation>(x => x.CreatedAt);
        modelBuilder.UseSqlServerMessaging();
    }
}
