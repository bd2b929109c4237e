using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace MassTransit;

public static partial class EntityFrameworkOutboxConfigurationExtensions
{
    private const int AddressLength = 256;

    /// <summary>Columns of the official schema that the library does not use, and the error that no message has yet.</summary>
    private static readonly string[] NeverStored =
    [
        nameof(OutboxMessage.InboxMessageId), nameof(OutboxMessage.InboxConsumerId), nameof(OutboxMessage.OutboxId),
        nameof(OutboxMessage.ConversationId), nameof(OutboxMessage.InitiatorId), nameof(OutboxMessage.RequestId),
        nameof(OutboxMessage.SourceAddress), nameof(OutboxMessage.ResponseAddress), nameof(OutboxMessage.FaultAddress),
        nameof(OutboxMessage.LastError),
    ];

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
        ArgumentNullException.ThrowIfNull(modelBuilder);
        var inbox = modelBuilder.Entity<InboxState>();
        inbox.ConfigureInboxStateEntity();
        callback?.Invoke(inbox);
    }

    /// <summary>Maps the inbox.</summary>
    /// <param name="inbox">The entity, added to a model already.</param>
    public static void ConfigureInboxStateEntity(this EntityTypeBuilder<InboxState> inbox)
    {
        ArgumentNullException.ThrowIfNull(inbox);
        inbox.HasKey(x => x.Id);
        inbox.Property(x => x.Id).ValueGeneratedOnAdd();
        inbox.HasAlternateKey(x => new { x.MessageId, x.ConsumerId });
    }

    /// <summary>Adds the official package's delivery cursor, so that both implementations run on one schema.</summary>
    /// <param name="modelBuilder">The model of the service's own DbContext.</param>
    /// <param name="callback">Called last, to change table or column names.</param>
    public static void AddOutboxStateEntity(this ModelBuilder modelBuilder, Action<EntityTypeBuilder<OutboxState>>? callback = null)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        var outbox = modelBuilder.Entity<OutboxState>();
        outbox.ConfigureOutboxStateEntity();
        callback?.Invoke(outbox);
    }

    /// <summary>Maps the official package's delivery cursor.</summary>
    /// <param name="outbox">The entity, added to a model already.</param>
    public static void ConfigureOutboxStateEntity(this EntityTypeBuilder<OutboxState> outbox)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        outbox.HasKey(x => x.OutboxId);
        outbox.Property(x => x.OutboxId).ValueGeneratedNever();
        outbox.HasIndex(x => x.Created);
    }

    /// <summary>Adds the outbox: messages that wait for the broker's confirm, or for their due time.</summary>
    /// <param name="modelBuilder">The model of the service's own DbContext.</param>
    /// <param name="callback">Called last, to change table or column names.</param>
    public static void AddOutboxMessageEntity(this ModelBuilder modelBuilder, Action<EntityTypeBuilder<OutboxMessage>>? callback = null)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        var outbox = modelBuilder.Entity<OutboxMessage>();
        outbox.ConfigureOutboxMessageEntity();
        callback?.Invoke(outbox);
    }

    /// <summary>Maps the outbox.</summary>
    /// <param name="outbox">The entity, added to a model already.</param>
    public static void ConfigureOutboxMessageEntity(this EntityTypeBuilder<OutboxMessage> outbox)
    {
        ArgumentNullException.ThrowIfNull(outbox);
        outbox.HasKey(x => x.SequenceNumber);
        outbox.Property(x => x.SequenceNumber).ValueGeneratedOnAdd();
        outbox.HasIndex(x => x.EnqueueTime);
        outbox.HasIndex(x => x.SchedulingTokenId);
        outbox.Property(x => x.SourceAddress).HasMaxLength(AddressLength);
        outbox.Property(x => x.DestinationAddress).HasMaxLength(AddressLength);
        outbox.Property(x => x.ResponseAddress).HasMaxLength(AddressLength);
        outbox.Property(x => x.FaultAddress).HasMaxLength(AddressLength);
        // Each byte of a row is written ahead with it: an empty text stands for what nearly all have.
        outbox.Property(x => x.ContentType).HasMaxLength(AddressLength)
            .HasConversion(type => type == OutboxMessage.Envelope ? "" : type, stored => stored.Length == 0 ? OutboxMessage.Envelope : stored);
        outbox.Property(x => x.Body).IsRequired();
        outbox.Property(x => x.MessageType).IsRequired();
        // A row is written for each message. What none has when it is stored would cost a parameter each.
        foreach (var empty in NeverStored)
            outbox.Property(empty).Metadata.SetBeforeSaveBehavior(PropertySaveBehavior.Ignore);
    }

    private static void AddInboxStateEntity(this ModelBuilder modelBuilder, Action<EntityTypeBuilder>? callback) =>
        modelBuilder.AddInboxStateEntity(callback is null ? null : (Action<EntityTypeBuilder<InboxState>>)(x => callback(x)));

    private static void AddOutboxStateEntity(this ModelBuilder modelBuilder, Action<EntityTypeBuilder>? callback) =>
        modelBuilder.AddOutboxStateEntity(callback is null ? null : (Action<EntityTypeBuilder<OutboxState>>)(x => callback(x)));

    private static void AddOutboxMessageEntity(this ModelBuilder modelBuilder, Action<EntityTypeBuilder>? callback) =>
        modelBuilder.AddOutboxMessageEntity(callback is null ? null : (Action<EntityTypeBuilder<OutboxMessage>>)(x => callback(x)));
}
