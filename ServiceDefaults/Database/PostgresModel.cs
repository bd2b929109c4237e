using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>What the model says differently where it is stored in PostgreSQL.</summary>
public static class PostgresModel
{
    /// <summary>Sets how outbox and inbox are stored.</summary>
    /// <param name="modelBuilder">The model, with outbox and inbox.</param>
    public static void UsePostgresMessaging(this ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        // Most messages are not scheduled, and need no entry.
        modelBuilder.Entity<OutboxMessage>().HasIndex(OutboxRows.SchedulingTokenId).HasFilter($"\"{OutboxRows.SchedulingTokenId}\" IS NOT NULL");
    }
}
