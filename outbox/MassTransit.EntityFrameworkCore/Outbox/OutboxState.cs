namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// A delivery cursor of the official package. No row is written here; the table exists so that either
/// implementation runs on one schema.
/// </summary>
public class OutboxState
{
    /// <summary>Assigned when the scope of an outbox is created.</summary>
    public Guid OutboxId { get; set; }

    /// <summary>Lock token of the official sweeper.</summary>
    public Guid LockId { get; set; }

    /// <summary>Row version of the official sweeper.</summary>
    public byte[]? RowVersion { get; set; }

    /// <summary>When the outbox was created (UTC).</summary>
    public DateTime Created { get; set; }

    /// <summary>When all its messages were delivered (UTC).</summary>
    public DateTime? Delivered { get; set; }

    /// <summary>The last sequence number that was delivered.</summary>
    public long? LastSequenceNumber { get; set; }
}
