using System.Linq.Expressions;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using OrderSample.ServiceDefaults.Messaging;
using OrderSample.ServiceDefaults.ParkedMessages;

namespace OrderSample.ServiceDefaults.Database;

/// <summary>What the model says differently where it is stored in SQL Server, so that it means the same there.</summary>
public static class SqlServerModel
{
    /// <summary>Text is compared code by code, as in PostgreSQL. The server's own default would take "abc" and "ABC " for the same key.</summary>
    public const string Ordinal = "Latin1_General_100_BIN2";

    private const string Arrival = "Arrival";
    private const string RowVersion = "RowVersion";
    private const int AddressLength = 256;
    private const int ErrorLength = 1000;

    /// <summary>Sets what holds for all columns of a type. Times are UTC, and read as UTC.</summary>
    /// <param name="configuration">The conventions of the service's context.</param>
    public static void UseSqlServerTypes(this ModelConfigurationBuilder configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        configuration.Properties<string>().UseCollation(Ordinal);
        configuration.Properties<DateTime>().HaveConversion<UtcTime>();
    }

    /// <summary>Stores the rows of a table in the order of <paramref name="columns"/>, which ascend with time, instead of that of a random key.</summary>
    /// <remarks>In a random order every insert would go to another page, and split it when it is full.</remarks>
    /// <typeparam name="T">The entity.</typeparam>
    /// <param name="modelBuilder">The model.</param>
    /// <param name="columns">What to order by.</param>
    public static void ClusterBy<T>(this ModelBuilder modelBuilder, Expression<Func<T, object?>> columns)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<T>().LeaveRowsToAnotherIndex().HasIndex(columns).IsClustered();
    }

    /// <summary>Stores the rows of a table in the order in which they came, by a column that only the database knows.</summary>
    /// <typeparam name="T">The entity.</typeparam>
    /// <param name="modelBuilder">The model.</param>
    public static void ClusterByArrival<T>(this ModelBuilder modelBuilder)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        var entity = modelBuilder.Entity<T>().LeaveRowsToAnotherIndex();
        entity.Property<long>(Arrival).ValueGeneratedOnAdd().UseIdentityColumn();
        entity.HasIndex(Arrival).IsUnique().IsClustered();
    }

    /// <summary>
    /// Gives each row a version, which has to be the same when it is saved: the save fails when somebody else has changed the row
    /// since it was read, and the message is handled again.
    /// </summary>
    /// <remarks>The locks alone would do, but they are hints: a server that only speaks the same language may ignore them.</remarks>
    /// <typeparam name="T">An entity that is changed after it was read under a lock.</typeparam>
    /// <param name="modelBuilder">The model.</param>
    public static void CompareVersions<T>(this ModelBuilder modelBuilder)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<T>().Property<byte[]>(RowVersion).IsRequired().IsRowVersion();
    }

    /// <summary>Sets how outbox and inbox are stored.</summary>
    /// <param name="modelBuilder">The model, with outbox and inbox.</param>
    public static void UseSqlServerMessaging(this ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.Entity<InboxState>().Property(x => x.RowVersion).IsRowVersion();
        modelBuilder.Entity<OutboxState>().Property(x => x.RowVersion).IsRowVersion();
        modelBuilder.ClusterBy<OutboxState>(x => x.Created);
        modelBuilder.Entity<ParkedMessageAction>().Property(x => x.Destination).HasMaxLength(AddressLength);
        modelBuilder.Entity<OutboxMessage>(message =>
        {
            message.Property<string?>(OutboxRows.LastError).HasMaxLength(ErrorLength);
            // Most messages are not scheduled, and need no entry.
            message.HasIndex(OutboxRows.SchedulingTokenId).HasFilter("[SchedulingTokenId] IS NOT NULL");
        });
    }

    private static EntityTypeBuilder<T> LeaveRowsToAnotherIndex<T>(this EntityTypeBuilder<T> entity)
        where T : class
    {
        entity.HasKey([.. entity.Metadata.FindPrimaryKey()!.Properties.Select(property => property.Name)]).IsClustered(false);
        return entity;
    }

    private sealed class UtcTime() : ValueConverter<DateTime, DateTime>(time => time, time => DateTime.SpecifyKind(time, DateTimeKind.Utc));
}
