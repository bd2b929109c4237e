using OrderSample.Contracts.Reconciling;

namespace OrderSample.OrderService.Reconciling;

/// <summary>Why a run was started.</summary>
public enum RunTrigger
{
    /// <summary>It was time.</summary>
    Schedule,

    /// <summary>Somebody asked for it.</summary>
    Demand,
}

/// <summary>Where a run stands.</summary>
public enum RunStatus
{
    /// <summary>At work; there is one at most.</summary>
    Running,

    /// <summary>It looked at everything it was to look at.</summary>
    Completed,

    /// <summary>A ledger did not answer; the next run begins where this one did.</summary>
    Failed,
}

/// <summary>What a run is at.</summary>
public enum RunPhase
{
    /// <summary>The orders of the period, page by page, against both other ledgers.</summary>
    Orders,

    /// <summary>The inventory's reservations of the period, page by page, against the orders.</summary>
    Reservations,

    /// <summary>The orders of what earlier runs found, page by page, against both other ledgers.</summary>
    Earlier,

    /// <summary>Done.</summary>
    Over,
}

/// <summary>What a run saw and did not judge, because messages that would settle it may be on their way.</summary>
/// <param name="Kind">What it would have been.</param>
/// <param name="Orders">Of how many orders.</param>
/// <param name="Why">Why, for a person.</param>
public sealed record Unjudged(DiscrepancyKind Kind, int Orders, string Why);

/// <summary>
/// One comparison of the ledgers. All that it needs to go on is in this row, so any replica can take its next answer,
/// and a restart loses nothing.
/// </summary>
public sealed class ReconciliationRun
{
    /// <summary>Longest problem kept, in characters.</summary>
    public const int MaxProblemLength = 500;

    /// <summary>The run.</summary>
    public required Guid RunId { get; init; }

    /// <summary>Why it was started.</summary>
    public required RunTrigger Trigger { get; init; }

    /// <summary>Where it stands.</summary>
    public RunStatus Status { get; set; }

    /// <summary>What it is at.</summary>
    public RunPhase Phase { get; set; }

    /// <summary>When it was started, UTC.</summary>
    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>When it ended, UTC.</summary>
    public DateTimeOffset? FinishedAt { get; set; }

    /// <summary>Beginning of the period that it looks at: time of an order's last change, UTC, inclusive.</summary>
    public required DateTimeOffset From { get; init; }

    /// <summary>End of the period, UTC, inclusive. Comes earlier when the run reached a limit.</summary>
    public required DateTimeOffset To { get; set; }

    /// <summary>Whether it reached a limit, so that the next run has to carry on from <see cref="To"/>.</summary>
    public bool ReachedLimit { get; set; }

    /// <summary>Whether the next run may begin where this one ended.</summary>
    public required bool MovesWatermark { get; init; }

    /// <summary>Orders it looked at.</summary>
    public int Orders { get; set; }

    /// <summary>Reservations it looked at.</summary>
    public int Reservations { get; set; }

    /// <summary>Discrepancies it found.</summary>
    public int Found { get; set; }

    /// <summary>Repairs it made.</summary>
    public int Repaired { get; set; }

    /// <summary>What it did not judge.</summary>
    public IReadOnlyList<Unjudged> Unjudged { get; private set; } = [];

    /// <summary>Where the next run has to begin at the latest, UTC, because something of later was not judged; null when all was.</summary>
    public DateTimeOffset? UnjudgedFrom { get; set; }

    /// <summary>Why it failed.</summary>
    public string? Problem { get; set; }

    /// <summary>The page that is being asked for; answers to others come too late.</summary>
    public Guid PageId { get; set; }

    /// <summary>Time of the place after which the page begins, UTC.</summary>
    public DateTimeOffset AfterAt { get; set; }

    /// <summary>Order of the place after which the page begins.</summary>
    public Guid AfterOrderId { get; set; }

    /// <summary>Time of the page's last order, UTC.</summary>
    public DateTimeOffset EndAt { get; set; }

    /// <summary>The page's last order.</summary>
    public Guid EndOrderId { get; set; }

    /// <summary>Whether the inventory has to answer yet.</summary>
    public bool AwaitsReservations { get; set; }

    /// <summary>Whether the notification service has to answer yet.</summary>
    public bool AwaitsNotifications { get; set; }

    /// <summary>When the page was last asked for, UTC.</summary>
    public DateTimeOffset AskedAt { get; set; }

    /// <summary>How often the page was asked for.</summary>
    public int Asks { get; set; }

    /// <summary>Raised by every change: two messages that change the run at once are told apart by it, and one is retried.</summary>
    public int Version { get; set; }

    /// <summary>The place after which the page begins.</summary>
    public LedgerPosition After => new(AfterAt, AfterOrderId);

    /// <summary>Notes what is not judged.</summary>
    /// <param name="more">What.</param>
    /// <param name="from">Where the next run has to begin to see it again, UTC; null when every run sees it.</param>
    public void LeaveUnjudged(Unjudged more, DateTimeOffset? from)
    {
        ArgumentNullException.ThrowIfNull(more);
        var before = Unjudged.SingleOrDefault(x => x.Kind == more.Kind);
        Unjudged = [.. Unjudged.Where(x => x != before), more with { Orders = more.Orders + (before?.Orders ?? 0) }];
        if (from < (UnjudgedFrom ?? DateTimeOffset.MaxValue))
            UnjudgedFrom = from;
    }

    /// <summary>Ends the run.</summary>
    /// <param name="status">How.</param>
    /// <param name="at">When, UTC.</param>
    public void End(RunStatus status, DateTimeOffset at)
    {
        (Status, Phase, FinishedAt) = (status, RunPhase.Over, at);
        AwaitsReservations = AwaitsNotifications = false;
    }
}
