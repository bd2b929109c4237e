using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.ServiceDefaults.Database;

namespace OrderSample.OrderService.Reconciling;

/// <summary>How runs and what they found are stored, and the index that orders are walked by.</summary>
internal static class ReconciliationModel
{
    private const int NameLength = 32;

    public static void AddReconciliation(this ModelBuilder modelBuilder, DatabaseFacade database)
    {
        modelBuilder.Entity<ReconciliationRun>(run =>
        {
            run.ToTable("ReconciliationRuns").HasKey(x => x.RunId);
            run.Property(x => x.RunId).ValueGeneratedNever();
            run.Property(x => x.Trigger).HasConversion<string>().HasMaxLength(NameLength);
            run.Property(x => x.Status).HasConversion<string>().HasMaxLength(NameLength);
            run.Property(x => x.Phase).HasConversion<string>().HasMaxLength(NameLength);
            run.Property(x => x.Problem).HasMaxLength(ReconciliationRun.MaxProblemLength);
            run.Property(x => x.Unjudged).HasJsonColumn(database);
            run.Property(x => x.Version).IsConcurrencyToken();
            run.HasIndex(x => x.StartedAt);
            // One at a time, whatever the number of replicas.
            run.HasIndex(x => x.Status).IsUnique().HasFilter("\"Status\" = 'Running'");
        });
        modelBuilder.Entity<Discrepancy>(discrepancy =>
        {
            discrepancy.ToTable("Discrepancies").HasKey(x => new { x.RunId, x.OrderId, x.Kind });
            discrepancy.Property(x => x.Kind).HasConversion<string>().HasMaxLength(NameLength);
            discrepancy.Property(x => x.Repair).HasConversion<string>().HasMaxLength(NameLength);
            discrepancy.Property(x => x.Resolution).HasConversion<string>().HasMaxLength(NameLength);
            discrepancy.Property(x => x.Found).HasMaxLength(Discrepancy.MaxFoundLength);
            discrepancy.HasOne<ReconciliationRun>().WithMany().HasForeignKey(x => x.RunId).OnDelete(DeleteBehavior.Cascade);
            discrepancy.HasIndex(x => x.OrderId).HasFilter("\"ResolvedAt\" IS NULL");
        });
        modelBuilder.Entity<OrderState>().HasIndex(x => new { x.UpdatedAt, x.CorrelationId });
    }

    /// <summary>The last run that saw everything it was to see.</summary>
    public static Task<ReconciliationRun?> LastCompletedAsync(this IQueryable<ReconciliationRun> runs, CancellationToken cancellationToken) =>
        runs.AsNoTracking().Where(x => x.Status == RunStatus.Completed).OrderByDescending(x => x.StartedAt).FirstOrDefaultAsync(cancellationToken);
}
