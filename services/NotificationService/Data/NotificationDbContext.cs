using Microsoft.EntityFrameworkCore;
using OrderSample.ServiceDefaults.ParkedMessages;

namespace OrderSample.NotificationService.Data;

/// <summary>The notification service's data: who was told what, and the inbox.</summary>
/// <param name="options">Where it is stored.</param>
public abstract class NotificationDbContext(DbContextOptions options) : DbContext(options)
{
    /// <summary>All notifications.</summary>
    public DbSet<Notification> Notifications => Set<Notification>();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<Notification>(notification =>
        {
            notification.ToTable("Notifications").HasKey(x => new { x.OrderId, x.Kind, x.Reference, x.Channel });
            notification.Property(x => x.Reference).HasMaxLength(Notification.MaxReferenceLength);
            notification.Property(x => x.Kind).HasConversion<string>().HasMaxLength(32);
            notification.Property(x => x.Channel).HasConversion<string>().HasMaxLength(16);
            notification.Property(x => x.Status).HasConversion<string>().HasMaxLength(16);
            notification.Property(x => x.LastError).HasMaxLength(Notification.MaxErrorLength);
        });
        modelBuilder.AddMessaging();
    }
}
