using Microsoft.EntityFrameworkCore;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.ReadingOrders;
using OrderSample.OrderService.Reconciling;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.OrderService.Data;

/// <summary>The same model as SQL Server stores it, with migrations of its own.</summary>
/// <param name="options">Where it is stored.</param>
public sealed class SqlServerOrderDbContext(DbContextOptions<SqlServerOrderDbContext> options) : OrderDbContext(options)
{
    /// <summary>Ids are sorted by their last bytes first, so their text has an index of its own.</summary>
    /// <inheritdoc/>
    public override IQueryable<Order> OrdersWithIdBeginning(OrderIdPrefix prefix)
    {
        var text = prefix.Text;
        return Orders.Where(order => EF.Property<string>(order, SearchColumns.Id).StartsWith(text));
    }

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
        var order = modelBuilder.Entity<Order>();
        order.HasSearchColumn(SearchColumns.Id, Lower("CONVERT(nvarchar(36), [OrderId])"));
        order.HasSearchColumn(SearchColumns.Name, Lower("JSON_VALUE([Customer], '$.name')"));
        order.HasSearchColumn(SearchColumns.Email, Lower("JSON_VALUE([Customer], '$.email')"));
        modelBuilder.Entity<OrderState>().HasSearchColumn(SearchColumns.Reason, Lower("[Reason]"));
        SqlServerIndexBuilderExtensions.IncludeProperties(IndexOfStates(modelBuilder), state => state.Total);
    }

    private static string Lower(string text) => $"CAST(LOWER({text}) AS nvarchar({SearchColumns.MaxLength})) COLLATE {SqlServerModel.Ordinal}";
}
