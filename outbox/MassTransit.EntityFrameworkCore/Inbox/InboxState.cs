namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// Says that a consumer has consumed a message. The row is inserted in the transaction of the consumer's own work,
/// so a second delivery finds it exactly when the first one's work is committed.
/// </summary>
/// <remarks>All times are UTC. The columns are those of MassTransit.EntityFrameworkCore 8.5.</remarks>
public class InboxState
{
    /// <summary>Primary key, ascending in the order of insertion.</summary>
    public long Id { get; set; }

    /// <summary>The id of the consumed message.</summary>
    public Guid MessageId { get; set; }

    /// <summary>Stands for the endpoint, consumer and message type.</summary>
    public Guid ConsumerId { get; set; }

    /// <summary>Of the official schema; not used here.</summary>
    public Guid LockId { get; set; }

    /// <summary>Of the official schema; not used here.</summary>
    public byte[]? RowVersion { get; set; }

    /// <summary>When the message was received; rows are kept for the duplicate detection window from then on.</summary>
    public DateTime Received { get; set; }

    /// <summary>How many times the message has been received; stays 1 here.</summary>
    public int ReceiveCount { get; set; }

    /// <summary>Of the official schema; not used here.</summary>
    public DateTime? ExpirationTime { get; set; }

    /// <summary>When the message was consumed.</summary>
    public DateTime? Consumed { get; set; }

    /// <summary>Of the official schema: when its outgoing messages were all sent. Set with <see cref="Consumed"/> here.</summary>
    public DateTime? Delivered { get; set; }

    /// <summary>Of the official schema; not used here.</summary>
    public long? LastSequenceNumber { get; set; }
}
