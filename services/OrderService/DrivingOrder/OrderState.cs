using MassTransit;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Ordering;
using OrderSample.Contracts.Ordering.Events;
using OrderSample.OrderService.Data;

namespace OrderSample.OrderService.DrivingOrder;

/// <summary>
/// The saga's row. It is born together with the order, in state <c>Initial</c>, so that a payment or a cancellation
/// that overtakes the saga's first event finds it.
/// </summary>
public sealed class OrderState : SagaStateMachineInstance
{
    /// <summary>Longest reason kept, in characters.</summary>
    public const int MaxReasonLength = 1000;

    // A healthy order has fewer than ten entries; the limits only matter for one that is resent or messaged endlessly.
    private const int MaxEntries = 60;
    private const int FirstEntriesKept = 20;

    /// <summary>The order's id.</summary>
    public Guid CorrelationId { get; set; }

    /// <summary>Name of the state machine's state.</summary>
    public string CurrentState { get; set; } = OrderStatuses.NotBegun;

    /// <summary>Whom the order's events are for.</summary>
    public Customer Customer { get; set; } = null!;

    /// <summary>What to reserve, also when it has to be asked for again.</summary>
    public IReadOnlyList<StockLine> Lines { get; set; } = null!;

    /// <summary>Amount to pay.</summary>
    public decimal Total { get; set; }

    /// <summary>The payment the order was, or is to be, completed for; further ones are surplus.</summary>
    public Guid? PaymentId { get; set; }

    /// <summary>Payments that are given back; <see cref="PaymentId"/> is among them when the order failed after it was paid.</summary>
    public IReadOnlyList<Guid> Refunds { get; set; } = [];

    /// <summary>Whether the order's payment is there and stays there.</summary>
    public bool IsPaid => PaymentId is { } payment && !Refunds.Contains(payment);

    /// <summary>Why the order was not, or may not be, completed.</summary>
    public string? Reason { get; set; }

    /// <summary>A cancellation came before the saga had begun.</summary>
    public bool CancelAtOnce { get; set; }

    /// <summary>How often the current state's command was sent again.</summary>
    public int Resends { get; set; }

    /// <summary>The one pending timeout. A state waits for one thing at most, so one token is enough for all four kinds.</summary>
    public Guid? TimeoutToken { get; set; }

    /// <summary>When the order was stored, UTC.</summary>
    public DateTimeOffset SubmittedAt { get; set; }

    /// <summary>When its stock was reserved, and the customer to be told so, UTC; null while it was not.</summary>
    public DateTimeOffset? ReservedAt { get; set; }

    /// <summary>Since when the order is in its state, UTC.</summary>
    public DateTimeOffset InStateSince { get; set; }

    /// <summary>When something last happened, UTC.</summary>
    public DateTimeOffset UpdatedAt { get; set; }

    /// <summary>What happened so far, oldest first; of very many entries those in the middle are dropped.</summary>
    public IReadOnlyList<TimelineEntry> Timeline { get; set; } = [];

    /// <summary>Keeps a payment as the order's own.</summary>
    /// <param name="at">When it became known, UTC.</param>
    /// <param name="paymentId">The payment.</param>
    /// <param name="amount">What was paid.</param>
    public void TakePayment(DateTimeOffset at, Guid paymentId, decimal amount)
    {
        PaymentId = paymentId;
        Record(at, nameof(PaymentReceived), Money.Text(amount));
    }

    /// <summary>Adds to the timeline.</summary>
    /// <param name="at">When, UTC.</param>
    /// <param name="event">What happened.</param>
    /// <param name="detail">What else there is to say.</param>
    /// <param name="traceId">The trace that it belongs to, where that is kept.</param>
    public void Record(DateTimeOffset at, string @event, string? detail = null, string? traceId = null)
    {
        UpdatedAt = at;
        Append(new TimelineEntry(at, @event, detail, traceId));
    }

    /// <summary>Adds to the timeline that a message waited in an outbox. That was before what the message has caused, so the order has no news by it.</summary>
    /// <param name="message">The message.</param>
    /// <param name="storedAt">When it was stored, UTC.</param>
    /// <param name="sentAt">When it was sent to the broker, UTC.</param>
    public void RecordWait(string message, DateTimeOffset storedAt, DateTimeOffset sentAt)
    {
        if (Timeline.All(entry => entry.StoredAt != storedAt))
            Append(new TimelineEntry(sentAt, TimelineEntry.WaitedInOutbox, message) { StoredAt = storedAt });
    }

    private void Append(TimelineEntry entry)
    {
        var kept = Timeline.Count < MaxEntries ? Timeline : Timeline.Where((_, index) => index != FirstEntriesKept);
        Timeline = [.. kept, entry];
    }
}
