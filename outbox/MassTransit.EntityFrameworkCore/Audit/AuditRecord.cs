namespace MassTransit.EntityFrameworkCoreIntegration.Audit;

/// <summary>One message that was sent, published or consumed, as the audit store keeps it.</summary>
public class AuditRecord
{
    /// <summary>Primary key, given by the database.</summary>
    public int AuditRecordId { get; set; }

    /// <summary>The message's id.</summary>
    public Guid? MessageId { get; set; }

    /// <summary>The conversation that the message belongs to.</summary>
    public Guid? ConversationId { get; set; }

    /// <summary>What the message is about.</summary>
    public Guid? CorrelationId { get; set; }

    /// <summary>The correlation id of the message that caused it.</summary>
    public Guid? InitiatorId { get; set; }

    /// <summary>The request that it is, or answers.</summary>
    public Guid? RequestId { get; set; }

    /// <summary>When it was sent (UTC).</summary>
    public DateTime? SentTime { get; set; }

    /// <summary>Who sent it.</summary>
    public string? SourceAddress { get; set; }

    /// <summary>Where it was sent to.</summary>
    public string? DestinationAddress { get; set; }

    /// <summary>Where an answer is expected.</summary>
    public string? ResponseAddress { get; set; }

    /// <summary>Where faults are expected.</summary>
    public string? FaultAddress { get; set; }

    /// <summary>The endpoint that consumed it; null for a message that was sent.</summary>
    public string? InputAddress { get; set; }

    /// <summary>What was done with it: Send, Publish or Consume.</summary>
    public string? ContextType { get; set; }

    /// <summary>The message's type, with its namespace.</summary>
    public string? MessageType { get; set; }

    /// <summary>What the application's own metadata factory added.</summary>
    public Dictionary<string, string>? Custom { get; set; }

    /// <summary>The message's headers.</summary>
    public Dictionary<string, string>? Headers { get; set; }

    /// <summary>The message itself.</summary>
    public object? Message { get; set; }
}
