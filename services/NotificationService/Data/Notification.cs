namespace OrderSample.NotificationService.Data;

/// <summary>What the customer is told.</summary>
public enum NotificationKind
{
    /// <summary>Everything is held, please pay.</summary>
    OrderReserved,

    /// <summary>Something was short.</summary>
    OrderRejected,

    /// <summary>Paid and on its way.</summary>
    OrderCompleted,

    /// <summary>Called off.</summary>
    OrderCancelled,

    /// <summary>Money goes back.</summary>
    PaymentRefunded,
}

/// <summary>How the customer is told.</summary>
public enum NotificationChannel
{
    /// <summary>By e-mail.</summary>
    Email,

    /// <summary>By text message.</summary>
    Sms,
}

/// <summary>What became of a notification.</summary>
public enum NotificationStatus
{
    /// <summary>Handed to the mail server, the pickup folder or the SMS gateway.</summary>
    Sent,

    /// <summary>Nothing to send it with is configured; stored only.</summary>
    Simulated,

    /// <summary>The customer has no address on this channel.</summary>
    Skipped,

    /// <summary>The last attempt failed; the message is retried, or waits in the error queue.</summary>
    Failed,
}

/// <summary>One notification; there is one row for each order, kind, reference and channel.</summary>
public sealed class Notification
{
    /// <summary>Longest reference, in characters.</summary>
    public const int MaxReferenceLength = 36;

    /// <summary>Longest error text kept, in characters.</summary>
    public const int MaxErrorLength = 500;

    /// <summary>The order.</summary>
    public required Guid OrderId { get; init; }

    /// <summary>What the customer is told.</summary>
    public required NotificationKind Kind { get; init; }

    /// <summary>Which one, where an order may have several of a kind: the payment that was refunded. Otherwise empty.</summary>
    public string Reference { get; init; } = "";

    /// <summary>How the customer is told.</summary>
    public required NotificationChannel Channel { get; init; }

    /// <summary>What became of it.</summary>
    public NotificationStatus Status { get; set; }

    /// <summary>How often sending was tried.</summary>
    public int Attempts { get; set; }

    /// <summary>When it was sent, UTC; null unless it was.</summary>
    public DateTimeOffset? SentAt { get; set; }

    /// <summary>Why the last attempt failed.</summary>
    public string? LastError { get; set; }

    /// <summary>When the row was first stored, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether there is nothing left to do.</summary>
    public bool IsDone => Status != NotificationStatus.Failed;
}
