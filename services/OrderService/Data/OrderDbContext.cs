using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using OrderSample.OrderService.AttendingOrder;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.OrderService.ReadingOrders;
using OrderSample.OrderService.Reconciling;
using OrderSample.ServiceDefaults.Database;
using OrderSample.ServiceDefaults.Messaging;
using OrderSample.ServiceDefaults.ParkedMessages;

namespace OrderSample.OrderService.Data;

/// <summary>The order service's data: order ledger, payment ledger, sagas, and the messages on their way in and out.</summary>
/// <param name="options">Where it is stored.</param>
public abstract class OrderDbContext(DbContextOptions options) : DbContext(options), ILocksTogether
{
    // 100 lines of 1,000 pieces at 1,000,000 each must fit.
    private const int MoneyPrecision = 14;
    private const int MoneyScale = 2;
    private const int TraceParentLength = 55;

    /// <summary>The order ledger.</summary>
    public DbSet<Order> Orders => Set<Order>();

    /// <summary>Which products each order asks for, for searches.</summary>
    public DbSet<OrderedSku> OrderedSkus => Set<OrderedSku>();

    /// <summary>The payment ledger.</summary>
    public DbSet<Payment> Payments => Set<Payment>();

    /// <summary>What of the payments was given back.</summary>
    public DbSet<Refund> Refunds => Set<Refund>();

    /// <summary>How far each order has got.</summary>
    public DbSet<OrderState> OrderStates => Set<OrderState>();

    /// <summary>Comparisons with the other services' ledgers.</summary>
    public DbSet<ReconciliationRun> ReconciliationRuns => Set<ReconciliationRun>();

    /// <summary>What those comparisons found.</summary>
    public DbSet<Discrepancy> Discrepancies => Set<Discrepancy>();

    /// <inheritdoc/>
    public LockedRows Locked { get; } = new();

    /// <summary>Locks the sagas of the messages' orders.</summary>
    /// <inheritdoc/>
    public async Task LockForAsync(IReadOnlyCollection<object> messages, CancellationToken cancellationToken)
    {
        Guid[] orderIds = [.. messages.Select(OrderIdOf.Message).OfType<Guid>().Distinct()];
        if (orderIds.Length == 0)
            return;

        foreach (var orderId in orderIds)
            Locked.Set<OrderState>(orderId, null);
        foreach (var state in await LockOrderStatesAsync(orderIds, cancellationToken))
            Locked.Set(state.CorrelationId, state);
    }

    /// <summary>Finds orders by how their ids begin, by an index.</summary>
    /// <param name="prefix">How they begin.</param>
    public abstract IQueryable<Order> OrdersWithIdBeginning(OrderIdPrefix prefix);

    /// <summary>Reads sagas and locks their rows until the transaction ends, in the order of their ids.</summary>
    /// <param name="orderIds">Which; those that don't exist are missing in the answer.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The tracked sagas.</returns>
    protected abstract Task<List<OrderState>> LockOrderStatesAsync(Guid[] orderIds, CancellationToken cancellationToken);

    /// <inheritdoc/>
    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        ArgumentNullException.ThrowIfNull(configurationBuilder);
        configurationBuilder.Properties<decimal>().HavePrecision(MoneyPrecision, MoneyScale);
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<Order>(order =>
        {
            order.ToTable("Orders").HasKey(x => x.OrderId);
            order.Property(x => x.OrderId).ValueGeneratedNever();
            order.Property(x => x.TraceParent).HasMaxLength(TraceParentLength);
            order.Property(x => x.Customer).HasJsonColumn(Database);
            order.Property(x => x.Lines).HasJsonColumn(Database);
        });
        modelBuilder.Entity<OrderedSku>(ordered =>
        {
            ordered.ToTable("OrderedSkus").HasKey(x => new { x.Sku, x.SubmittedAt, x.OrderId });
            ordered.Property(x => x.Sku).HasMaxLength(OrderedSku.MaxLength);
        });
        modelBuilder.Entity<Payment>(payment =>
        {
            payment.ToTable("Payments").HasKey(x => x.PaymentId);
            payment.Property(x => x.PaymentId).ValueGeneratedNever();
            payment.Property(x => x.TraceParent).HasMaxLength(TraceParentLength);
            payment.HasIndex(x => x.ReceivedAt);
            payment.HasOne<Order>().WithMany().HasForeignKey(x => x.OrderId).OnDelete(DeleteBehavior.Restrict);
        });
        modelBuilder.Entity<Refund>(refund =>
        {
            refund.ToTable("Refunds").HasKey(x => x.PaymentId);
            refund.Property(x => x.PaymentId).ValueGeneratedNever();
            refund.Property(x => x.Reason).HasMaxLength(OrderState.MaxReasonLength);
            refund.HasOne<Payment>().WithOne().HasForeignKey<Refund>(x => x.PaymentId).OnDelete(DeleteBehavior.Restrict);
            refund.HasIndex(x => x.OrderId);
        });
        modelBuilder.Entity<OrderState>(state =>
        {
            state.ToTable("OrderStates").HasKey(x => x.CorrelationId);
            state.Property(x => x.CorrelationId).ValueGeneratedNever();
            state.Property(x => x.CurrentState).HasMaxLength(32);
            state.Property(x => x.Customer).HasJsonColumn(Database);
            state.Property(x => x.Lines).HasJsonColumn(Database);
            state.Property(x => x.Timeline).HasJsonColumn(Database);
            state.Property(x => x.Refunds).HasJsonColumn(Database);
            state.Property(x => x.Reason).HasMaxLength(OrderState.MaxReasonLength);
            state.HasIndex(x => new { x.SubmittedAt, x.CorrelationId });
        });
        IndexOfStates(modelBuilder);
        modelBuilder.AddReconciliation(Database);
        modelBuilder.AddAttention();
        modelBuilder.AddMessaging();
    }

    /// <summary>Lists and counts the orders of a state. Either provider adds the orders' totals, which are summed from the index alone.</summary>
    protected static IndexBuilder<OrderState> IndexOfStates(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        return modelBuilder.Entity<OrderState>().HasIndex(x => new { x.CurrentState, x.SubmittedAt, x.CorrelationId });
    }
}
