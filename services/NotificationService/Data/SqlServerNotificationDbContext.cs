using Microsoft.EntityFrameworkCore;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.NotificationService.Data;

/// <summary>The same model as SQL Server stores it, with migrations of its own.</summary>
/// <param name="options">Where it is stored.</param>
public sealed class SqlServerNotificationDbContext(DbContextOptions<SqlServerNotificationDbContext> options) : NotificationDbContext(options)
{
    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) => configurationBuilder.UseSqlServerTypes();

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.ClusterBy<Notification>(x => x.CreatedAt);
        modelBuilder.UseSqlServerMessaging();
    }
}
