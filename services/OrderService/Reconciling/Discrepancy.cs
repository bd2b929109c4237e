namespace OrderSample.OrderService.Reconciling;

/// <summary>In what way ledgers differ.</summary>
public enum DiscrepancyKind
{
    /// <summary>A final order still keeps stock back.</summary>
    StockHeld,

    /// <summary>Stock was taken for an order that was rejected or cancelled.</summary>
    StockCommitted,

    /// <summary>Stock is held or taken for an order that nobody placed.</summary>
    OrderUnknown,

    /// <summary>An order was completed without taking its stock.</summary>
    StockNotCommitted,

    /// <summary>Other products or quantities were taken than ordered.</summary>
    QuantitiesDiffer,

    /// <summary>The customer was not told something, on every channel, that the order's events call for.</summary>
    NotificationMissing,

    /// <summary>The order is waiting, its time is over, and nothing is stored that would move it on.</summary>
    OrderStuck,

    /// <summary>Money came in that the order knows nothing of.</summary>
    PaymentWithoutEffect,

    /// <summary>The order gave money back, and the payment ledger has no refund of it.</summary>
    RefundMissing,
}

/// <summary>The one safe thing to do about a discrepancy.</summary>
public enum Repair
{
    /// <summary>ReleaseStock was sent.</summary>
    ReleaseStock,

    /// <summary>The events that the customer was not told of were published again.</summary>
    PublishEvents,

    /// <summary>The event that moves the order on was published again.</summary>
    MoveOn,

    /// <summary>PaymentReceived was published again.</summary>
    PublishPayment,

    /// <summary>RefundDue was published again.</summary>
    PublishRefund,
}

/// <summary>How a discrepancy ended.</summary>
public enum Resolution
{
    /// <summary>It was repaired, and a later run does not see it any more.</summary>
    Repaired,

    /// <summary>A later run does not see it any more, and no run had repaired it.</summary>
    ByItself,
}

/// <summary>What a run found about one order: a row of its report. Only how it ended is added later, by the run that does not see it any more.</summary>
public sealed class Discrepancy
{
    /// <summary>Longest finding kept, in characters.</summary>
    public const int MaxFoundLength = 500;

    /// <summary>The run.</summary>
    public required Guid RunId { get; init; }

    /// <summary>The order.</summary>
    public required Guid OrderId { get; init; }

    /// <summary>In what way its ledgers differ.</summary>
    public required DiscrepancyKind Kind { get; init; }

    /// <summary>What was found, for a person.</summary>
    public required string Found { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset FoundAt { get; init; }

    /// <summary>What was done; null when that is for a person to decide, or the run had made its repairs.</summary>
    public required Repair? Repair { get; init; }

    /// <summary>Since when it is known to have ended, UTC; null while it has not.</summary>
    public DateTimeOffset? ResolvedAt { get; private set; }

    /// <summary>How it ended.</summary>
    public Resolution? Resolution { get; private set; }
}
