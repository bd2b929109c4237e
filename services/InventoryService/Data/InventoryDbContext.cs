using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Messaging;
using OrderSample.ServiceDefaults.ParkedMessages;

namespace OrderSample.InventoryService.Data;

/// <summary>
/// The inventory's data: stock, reservations, and the messages on their way in and out. Consumers only change
/// entities: the endpoint's outbox saves them together with the inbox row and the answer, in one round trip.
/// </summary>
/// <param name="options">Where it is stored.</param>
public abstract class InventoryDbContext(DbContextOptions options) : DbContext(options), ILocksTogether
{
    /// <summary>All products and their stock.</summary>
    public DbSet<Product> Products => Set<Product>();

    /// <summary>All reservations, also those that are over.</summary>
    public DbSet<Reservation> Reservations => Set<Reservation>();

    /// <inheritdoc/>
    public LockedRows Locked { get; } = new();

    /// <summary>
    /// Reads products and locks their rows until the transaction ends. All lockers go by SKU, so two orders for the
    /// same products wait for each other and can't deadlock.
    /// </summary>
    /// <param name="skus">Which products; those that don't exist are missing in the answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The tracked products by SKU.</returns>
    public async Task<IReadOnlyDictionary<string, Product>> LockProductsAsync(IEnumerable<string> skus, CancellationToken cancellationToken)
    {
        string[] wanted = [.. skus.Distinct(StringComparer.Ordinal)];
        var found = new Dictionary<string, Product>(wanted.Length, StringComparer.Ordinal);
        foreach (var sku in wanted)
        {
            if (!Locked.TryGet<Product>(sku, out var known))
                return (await ReadLockedProductsAsync(wanted, cancellationToken)).ToDictionary(product => product.Sku, StringComparer.Ordinal);
            if (known is not null)
                found.Add(sku, known);
        }

        return found;
    }

    /// <summary>
    /// Reads an order's reservation and locks its row until the transaction ends: what is decided from its status is
    /// decided by one message at a time. Taken before the products' locks, always.
    /// </summary>
    /// <param name="orderId">The order.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The tracked reservation, or null; then its key keeps two messages from both making one.</returns>
    public async Task<Reservation?> LockReservationAsync(Guid orderId, CancellationToken cancellationToken) =>
        Locked.TryGet<Reservation>(orderId, out var known)
            ? known
            : (await ReadLockedReservationsAsync([orderId], cancellationToken)).SingleOrDefault();

    /// <summary>Locks the reservations of the messages' orders, then the products that they hold or ask for.</summary>
    /// <inheritdoc/>
    public async Task LockForAsync(IReadOnlyCollection<object> messages, CancellationToken cancellationToken)
    {
        Guid[] orderIds = [.. messages.Select(OrderIdOf.Message).OfType<Guid>().Distinct()];
        var reservations = await ReadLockedReservationsAsync(orderIds, cancellationToken);
        foreach (var orderId in orderIds)
            Locked.Set<Reservation>(orderId, null);
        foreach (var reservation in reservations)
            Locked.Set(reservation.OrderId, reservation);

        string[] skus = [.. messages.OfType<ReserveStock>().SelectMany(x => x.Lines).Concat(reservations.SelectMany(x => x.Lines)).Select(x => x.Sku).Distinct(StringComparer.Ordinal)];
        var products = await ReadLockedProductsAsync(skus, cancellationToken);
        foreach (var sku in skus)
            Locked.Set<Product>(sku, null);
        foreach (var product in products)
            Locked.Set(product.Sku, product);
    }

    /// <summary>Reads products and locks their rows, in the order of their SKUs.</summary>
    protected abstract Task<List<Product>> ReadLockedProductsAsync(string[] skus, CancellationToken cancellationToken);

    /// <summary>Reads reservations and locks their rows, in the order of their orders.</summary>
    protected abstract Task<List<Reservation>> ReadLockedReservationsAsync(Guid[] orderIds, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<Product>(product =>
        {
            product.ToTable("Products", table =>
            {
                table.HasCheckConstraint("CK_Products_Reserved", "\"Reserved\" >= 0");
                table.HasCheckConstraint("CK_Products_Available", "\"OnHand\" >= \"Reserved\"");
            });
            product.HasKey(x => x.Sku);
            product.Property(x => x.Sku).HasMaxLength(Product.MaxSkuLength);
            product.Property(x => x.Name).HasMaxLength(Product.MaxNameLength);
        });
        modelBuilder.Entity<Reservation>(reservation =>
        {
            reservation.ToTable("Reservations").HasKey(x => x.OrderId);
            reservation.Property(x => x.OrderId).ValueGeneratedNever();
            reservation.Property(x => x.Status).HasConversion<string>().HasMaxLength(16);
            reservation.Property(x => x.Lines).HasJsonColumn(Database);
            reservation.Property(x => x.Shortages).HasJsonColumn(Database);
            reservation.HasIndex(x => new { x.UpdatedAt, x.OrderId });
        });
        modelBuilder.AddMessaging();
    }
}
