using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration.Audit;

/// <summary>A DbContext of one table, which audit records are kept in.</summary>
public class AuditDbContext : DbContext
{
    private readonly string _auditTableName;
    private readonly string? _auditTableSchema;

    /// <summary>For a derived type that configures its own connection.</summary>
    /// <param name="auditTableName">The table.</param>
    /// <param name="auditTableSchema">Its schema; null: the connection's default.</param>
    protected AuditDbContext(string auditTableName, string? auditTableSchema = null)
    {
        _auditTableName = auditTableName;
        _auditTableSchema = auditTableSchema;
    }

    /// <summary>Opens the table by given options.</summary>
    /// <param name="options">Options, the connection among them.</param>
    /// <param name="auditTableName">The table.</param>
    /// <param name="auditTableSchema">Its schema; null: the connection's default.</param>
    public AuditDbContext(DbContextOptions options, string auditTableName, string? auditTableSchema = null)
        : base(options)
    {
        _auditTableName = auditTableName;
        _auditTableSchema = auditTableSchema;
    }

    /// <inheritdoc/>
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.ApplyConfiguration(new AuditMapping(_auditTableName, _auditTableSchema));
    }
}
