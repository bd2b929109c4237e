using MassTransit;
using Microsoft.EntityFrameworkCore;
#if OFFICIAL_ENTITYFRAMEWORKCORE
using OrderSample.OutboxScheduler;
#endif
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.ServiceDefaults.ParkedMessages;

/// <summary>What a person did to a parked message: the audit trail's row, never changed.</summary>
public sealed class ParkedMessageAction
{
    /// <summary>Primary key, ascending in time.</summary>
    public long Id { get; init; }

    /// <summary>The message.</summary>
    public required Guid MessageId { get; init; }

    /// <summary>Where it was to go.</summary>
    public required string Destination { get; init; }

    /// <summary><c>Retried</c> or <c>Discarded</c>.</summary>
    public required string Action { get; init; }

    /// <summary>Who did it.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>The message, so that even a discarded one is not gone.</summary>
    public required string Body { get; init; }
}

/// <summary>Adds the audit trail to a service's database.</summary>
public static class ParkedMessageActionModel
{
    /// <summary>Adds what a service's database needs for messages: outbox, inbox, and the audit trail of parked messages.</summary>
    /// <param name="modelBuilder">The model of the service's DbContext.</param>
    public static void AddMessaging(this ModelBuilder modelBuilder)
    {
        ArgumentNullException.ThrowIfNull(modelBuilder);
        modelBuilder.AddTransactionalOutboxEntities();
#if OFFICIAL_ENTITYFRAMEWORKCORE
        modelBuilder.AddScheduledMessages();
#endif
        modelBuilder.Entity<ParkedMessageAction>(action =>
        {
            action.ToTable("ParkedMessageActions").HasKey(x => x.Id);
            action.Property(x => x.Action).HasMaxLength(20);
            action.Property(x => x.By).HasMaxLength(OperatorDecision.MaxTextLength);
            action.Property(x => x.Reason).HasMaxLength(OperatorDecision.MaxTextLength);
        });
    }
}
