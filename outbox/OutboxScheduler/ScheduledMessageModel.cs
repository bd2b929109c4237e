using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace OrderSample.OutboxScheduler;

/// <summary>The outbox's tables as this sample's migrations make them, whichever outbox uses them.</summary>
public static class ScheduledMessageModel
{
    /// <summary>The token a scheduled message is cancelled by; null in the row of any other.</summary>
    internal const string TokenId = "SchedulingTokenId";

    /// <summary>
    /// Adds the columns of scheduled messages to the outbox, and leaves out what the tables don't have: so one set of
    /// migrations fits both builds, and no schema has to change when one is taken for the other.
    /// </summary>
    /// <param name="modelBuilder">The model of the service's DbContext, with AddTransactionalOutboxEntities.</param>
    public static void AddScheduledMessages(this ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        var message = modelBuilder.Entity<OutboxMessage>();
        RemoveForeignKeys(message.Metadata);
        RemoveIndexes(message.Metadata);
        message.Property<Guid?>(TokenId);
        message.Property<int>("Attempts");
        message.Property<string?>("LastError");
        message.HasIndex(x => x.EnqueueTime);
        message.HasIndex(TokenId);

        RemoveIndexes(modelBuilder.Entity<InboxState>().Metadata);
    }

    private static void RemoveForeignKeys(IMutableEntityType entity)
    {
        foreach (var foreignKey in entity.GetForeignKeys().ToList())
            entity.RemoveForeignKey(foreignKey);
    }

    private static void RemoveIndexes(IMutableEntityType entity)
    {
        foreach (var index in entity.GetIndexes().ToList())
            entity.RemoveIndex(index);
    }
}
