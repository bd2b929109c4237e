using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MassTransit;

public static partial class EntityFrameworkOutboxConfigurationExtensions
{
    private const int AddressLength = 256;

    /// <summary>Adds the three entities of the transactional outbox to the model.</summary>
    /// <param name="modelBuilder">The model of the service's own DbContext.</param>
    /// <param name="callback">Called for each entity, for example to set a schema.</param>
    public static void AddTransactionalOutboxEntities(this ModelBuilder modelBuilder, Action<EntityTypeBuilder>? callback = null)
    {
        modelBuilder.AddInboxStateEntity(callback);
        modelBuilder.AddOutboxMessageEntity(callback);
        modelBuilder.AddOutboxStateEntity(callback);
    }

    /// <summary>Adds the inbox: which consumer has consumed which message.</summary>
    /// <param name="modelBuilder">The model of the service's own DbContext.</param>
    /// <param name="callback">Called last, to change table or column names.</param>
    public static void AddInboxStateEntity(this ModelBuilder modelBuilder, Action<EntityTypeBuilder<InboxState>>? callback = null)
    {
        var inbox = modelBuilder.Entity<InboxState>();
        inbox.HasKey(x => x.Id);
        inbox.Property(x => x.Id).ValueGeneratedOnAdd();
        inbox.HasAlternateKey(x => new { x.MessageId, x.ConsumerId });
        callback?.Invoke(inbox);
    }

    /// <summary>Adds the official package's delivery cursor, so that both implementations run on one schema.</summary>
    /// <param name="modelBuilder">The model of the service's own DbContext.</param>
    /// <param name="callback">Called last, to change table or column names.</param>
    public static void AddOutboxStateEntity(this ModelBuilder modelBuilder, Action<EntityTypeBuilder<OutboxState>>? callback = null)
    {
        var outbox = modelBuilder.Entity<OutboxState>();
        outbox.HasKey(x => x.OutboxId);
        outbox.Property(x => x.OutboxId).ValueGeneratedNever();
        outbox.HasIndex(x => x.Created);
        callback?.Invoke(outbox);
    }

    /// <summary>Adds the outbox: messages that wait for the broker's confirm, or for their due time.</summary>
    /// <param name="modelBuilder">The model of the service's own DbContext.</param>
    /// <param name="callback">Called last, to change table or column names.</param>
    public static void AddOutboxMessageEntity(this ModelBuilder modelBuilder, Action<EntityTypeBuilder<OutboxMessage>>? callback = null)
    {
        var message = modelBuilder.Entity<OutboxMessage>();
        message.HasKey(x => x.SequenceNumber);
        message.Property(x => x.SequenceNumber).ValueGeneratedOnAdd();
        message.HasIndex(x => x.EnqueueTime);
        message.HasIndex(x => x.SchedulingTokenId);
        message.Property(x => x.SourceAddress).HasMaxLength(AddressLength);
        message.Property(x => x.DestinationAddress).HasMaxLength(AddressLength);
        message.Property(x => x.ResponseAddress).HasMaxLength(AddressLength);
        message.Property(x => x.FaultAddress).HasMaxLength(AddressLength);
        message.Property(x => x.ContentType).HasMaxLength(AddressLength);
        message.Property(x => x.Body).IsRequired();
        message.Property(x => x.MessageType).IsRequired();
        callback?.Invoke(message);
    }

    private static void AddInboxStateEntity(this ModelBuilder modelBuilder, Action<EntityTypeBuilder>? callback) =>
        modelBuilder.AddInboxStateEntity(callback is null ? null : (Action<EntityTypeBuilder<InboxState>>)(x => callback(x)));

    private static void AddOutboxStateEntity(this ModelBuilder modelBuilder, Action<EntityTypeBuilder>? callback) =>
        modelBuilder.AddOutboxStateEntity(callback is null ? null : (Action<EntityTypeBuilder<OutboxState>>)(x => callback(x)));

    private static void AddOutboxMessageEntity(this ModelBuilder modelBuilder, Action<EntityTypeBuilder>? callback) =>
        modelBuilder.AddOutboxMessageEntity(callback is null ? null : (Action<EntityTypeBuilder<OutboxMessage>>)(x => callback(x)));
}
