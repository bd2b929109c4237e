using OrderSample.EndToEnd.Tests.Running;
using OrderSample.Nemesis.Offering;
using OrderSample.Nemesis.Recording;

namespace OrderSample.Nemesis.Checking;

/// <summary>What was done to the system, and what it says of itself afterwards: all that the rules look at.</summary>
internal sealed record Facts
{
    /// <summary>The orders as their customers know them.</summary>
    public required IReadOnlyList<OrderLine> Offered { get; init; }

    /// <summary>The orders as the services know them, by id.</summary>
    public required IReadOnlyDictionary<Guid, OrderFacts> Orders { get; init; }

    /// <summary>Every product.</summary>
    public required IReadOnlyList<StockFacts> Stock { get; init; }

    /// <summary>The messages that were stored to be sent.</summary>
    public required IReadOnlyList<NotedMessage> Messages { get; init; }

    /// <summary>Queues that hold messages, and how many.</summary>
    public required IReadOnlyDictionary<string, long> Queues { get; init; }

    /// <summary>What is left in the outboxes.</summary>
    public required IReadOnlyList<OutboxFacts> Outboxes { get; init; }

    /// <summary>What is on the dead-letter desk, open.</summary>
    public required IReadOnlyList<DeadLetterFacts> DeadLetters { get; init; }

    /// <summary>Names of the mails that were sent.</summary>
    public required IReadOnlyList<string> Mails { get; init; }

    /// <summary>What the system's own reconciliation finds at last.</summary>
    public required IReadOnlyList<string> Discrepancies { get; init; }

    /// <summary>How long after the last fault each service was healthy, and what was wrong if it was not.</summary>
    public required IReadOnlyDictionary<string, HealthFacts> Health { get; init; }

    /// <summary>Processes that do not run.</summary>
    public required IReadOnlyList<string> Ended { get; init; }

    /// <summary>The faults as they happened.</summary>
    public required IReadOnlyList<FaultLine> Faults { get; init; }

    /// <summary>Times in which bindings were missing.</summary>
    public required IReadOnlyList<GapLine> Gaps { get; init; }

    /// <summary>How long an order waits for its payment.</summary>
    public required TimeSpan PaymentTimeout { get; init; }

    /// <summary>The orders that their customers were told are accepted, as the services know them; null for one that they don't.</summary>
    public IEnumerable<(OrderLine Offered, OrderFacts? Order)> Accepted =>
        Offered.Where(x => x.Requests.Any(request => request.What == "POST /orders" && request.IsAccepted)).Select(x => (x, Orders.GetValueOrDefault(x.OrderId)));
}

/// <summary>An order, by the services' ledgers.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">How far it has got, as the API says.</param>
/// <param name="Reason">Why it was not completed.</param>
/// <param name="Total">Amount to pay.</param>
/// <param name="Timeline">What happened to it, oldest first.</param>
/// <param name="Lines">What was ordered.</param>
/// <param name="Payments">Money that came in.</param>
/// <param name="Refunds">Money that was given back.</param>
/// <param name="Reservation">What became of its stock; null where the inventory has not heard of it.</param>
/// <param name="Notices">What the customer was told.</param>
internal sealed record OrderFacts(
    Guid OrderId, string Status, string? Reason, decimal Total, IReadOnlyList<Happened> Timeline, IReadOnlyList<Line> Lines,
    IReadOnlyList<Money> Payments, IReadOnlyList<Money> Refunds, string? Reservation, IReadOnlyList<Notice> Notices)
{
    /// <summary>Whether it is at rest.</summary>
    public bool IsFinal => Status is "Completed" or "Rejected" or "Cancelled";

    /// <summary>What of the customer's money is kept.</summary>
    public decimal Kept => Payments.Sum(x => x.Amount) - Refunds.Sum(x => x.Amount);

    /// <summary>When something happened to it first; null if it never did.</summary>
    public DateTimeOffset? When(string @event) => Timeline.FirstOrDefault(x => x.Event == @event)?.At;
}

/// <summary>An entry of an order's timeline.</summary>
internal sealed record Happened(DateTimeOffset At, string Event, string? Detail);

/// <summary>A payment, or a refund.</summary>
internal sealed record Money(Guid PaymentId, decimal Amount, DateTimeOffset At);

/// <summary>A notification.</summary>
internal sealed record Notice(string Kind, string Reference, string Channel, string Status, int Attempts);

/// <summary>A product.</summary>
/// <param name="Sku">The product.</param>
/// <param name="Before">Pieces that there were.</param>
/// <param name="OnHand">Pieces that there are.</param>
/// <param name="Reserved">Pieces that are held.</param>
internal sealed record StockFacts(string Sku, int Before, int OnHand, int Reserved);

/// <summary>A message in an outbox.</summary>
internal sealed record OutboxFacts(string Database, long Id, string Message, Guid? OrderId, DateTimeOffset SentAt, bool IsParked, bool IsScheduled, int Attempts, string? LastError);

/// <summary>A dead letter that is open.</summary>
internal sealed record DeadLetterFacts(long Id, string Cause, string Queue, string Endpoint, string? MessageType, string? Problem, Guid? OrderId, DateTimeOffset? SentAt, DateTimeOffset FirstAt);

/// <summary>A service's way back to health.</summary>
/// <param name="After">How long it took; null if it never got there.</param>
/// <param name="LastProblem">What it said before.</param>
internal sealed record HealthFacts(TimeSpan? After, string? LastProblem);
