using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.Reconciling;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.OrderService.Data;

/// <summary>The same model as SQL Server stores it, with migrations of its own.</summary>
/// <param name="options">Where it is stored.</param>
public sealed class SqlServerOrderDbContext(DbContextOptions<SqlServerOrderDbContext> options) : OrderDbContext(options)
{
    /// <inheritdoc/>
    protected override Task<List<OrderState>> LockOrderStatesAsync(Guid[] orderIds, CancellationToken cancellationToken) =>
        OrderStates
            .FromSql($"SELECT * FROM [OrderStates] WITH (UPDLOCK, ROWLOCK, FORCESEEK)")
            .Where(state => orderIds.Contains(state.CorrelationId)).OrderBy(state => state.CorrelationId)
            .ToListAsync(cancellationToken);

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);
        configurationBuilder.UseSqlServerTypes();
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);
        modelBuilder.ClusterBy<Order>(x => x.SubmittedAt);
        modelBuilder.ClusterBy<Payment>(x => x.ReceivedAt);
        modelBuilder.ClusterBy<Refund>(x => x.RefundedAt);
        modelBuilder.ClusterBy<OrderState>(x => new { x.SubmittedAt, x.CorrelationId });
        modelBuilder.ClusterBy<ReconciliationRun>(x => x.StartedAt);
        modelBuilder.ClusterByArrival<Discrepancy>();
        modelBuilder.CompareVersions<OrderState>();
        modelBuilder.UseSqlServerMessaging();
    }
}
