using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MassTransit.EntityFrameworkCoreIntegration.Audit;

/// <summary>Maps audit records to a table of a given name.</summary>
/// <param name="tableName">The table.</param>
/// <param name="schemaName">Its schema; null: the connection's default.</param>
public class AuditMapping(string tableName, string? schemaName = null) : IEntityTypeConfiguration<AuditRecord>
{
    /// <inheritdoc/>
    public void Configure(EntityTypeBuilder<AuditRecord> builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.ToTable(tableName, string.IsNullOrWhiteSpace(schemaName) ? null : schemaName);
        builder.HasKey(x => x.AuditRecordId);
        builder.Property(x => x.AuditRecordId).ValueGeneratedOnAdd();
        builder.Property(x => x.Headers).HasJsonConversion();
        builder.Property(x => x.Custom).HasJsonConversion();
        // Written once and never changed, and of any type: nothing is to be compared.
        builder.Property(x => x.Message).HasConversion(new JsonValueConverter<object?>());
    }
}
