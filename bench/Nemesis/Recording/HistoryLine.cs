using System.Text.Json.Serialization;
using OrderSample.Nemesis.Offering;

namespace OrderSample.Nemesis.Recording;

/// <summary>A line of a history.</summary>
[JsonPolymorphic(TypeDiscriminatorPropertyName = "type")]
[JsonDerivedType(typeof(RunLine), "run")]
[JsonDerivedType(typeof(PlanLine), "plan")]
[JsonDerivedType(typeof(FaultLine), "fault")]
[JsonDerivedType(typeof(GapLine), "gap")]
[JsonDerivedType(typeof(OrderLine), "order")]
[JsonDerivedType(typeof(VerdictLine), "verdict")]
internal abstract record HistoryLine;

/// <summary>What was asked for: the first line.</summary>
/// <param name="Seed">Decides faults and orders.</param>
/// <param name="Minutes">How long orders are offered.</param>
/// <param name="Rate">Orders a second.</param>
/// <param name="Nodes">Nodes of the broker.</param>
/// <param name="Faults">The kinds that may happen.</param>
/// <param name="At">When it was started, UTC.</param>
/// <param name="InContainers">Whether broker and database ran in containers.</param>
internal sealed record RunLine(int Seed, double Minutes, int Rate, int Nodes, IReadOnlyList<string> Faults, DateTimeOffset At, bool InContainers = false) : HistoryLine;

/// <summary>A fault of the schedule. All of them are written before the load begins.</summary>
/// <param name="Number">Its place in the schedule.</param>
/// <param name="Kind">What breaks.</param>
/// <param name="Target">Where.</param>
/// <param name="At">When it is to begin, in seconds of the load.</param>
/// <param name="Length">How long it is to last, in seconds.</param>
internal sealed record PlanLine(int Number, string Kind, string Target, double At, double Length) : HistoryLine;

/// <summary>A fault that has begun, or ended: it has a line for both.</summary>
/// <param name="Number">Its place in the schedule.</param>
/// <param name="Kind">What broke.</param>
/// <param name="Target">Where.</param>
/// <param name="Begin">When, UTC; null for one that was left out.</param>
/// <param name="End">When it was healed, UTC; null before.</param>
/// <param name="Problem">What did not go as planned.</param>
internal sealed record FaultLine(int Number, string Kind, string Target, DateTimeOffset? Begin = null, DateTimeOffset? End = null, string? Problem = null) : HistoryLine
{
    /// <inheritdoc/>
    public override string ToString() => FormattableString.Invariant($"{End ?? Begin ?? DateTimeOffset.UtcNow:HH:mm:ss.f} fault {Number} {Kind} {Target} ")
        + (Begin is null ? Problem : End is null ? Problem ?? "begins" : Problem is null ? "is healed" : $"is healed; it {Problem}");
}

/// <summary>A time in which messages did not find their way, since a binding was missing.</summary>
/// <param name="Binding">Source and destination.</param>
/// <param name="From">When it was last seen before, UTC.</param>
/// <param name="To">When it was seen again, UTC; null for one that was not.</param>
internal sealed record GapLine(string Binding, DateTimeOffset From, DateTimeOffset? To = null) : HistoryLine
{
    /// <summary>Whether it was missing at some time between two moments.</summary>
    public bool Meets(DateTimeOffset from, DateTimeOffset to) => From <= to && (To is null || from <= To);
}

/// <summary>An order with all that its customer asked for.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Plan">What the customer meant to do.</param>
/// <param name="Outcome">How far the customer got.</param>
/// <param name="Requests">What was asked for, and answered.</param>
internal sealed record OrderLine(Guid OrderId, OrderPlan Plan, string Outcome, IReadOnlyList<Request> Requests) : HistoryLine;

/// <summary>How the run ended: the last line.</summary>
/// <param name="Orders">Orders that were accepted.</param>
/// <param name="Violations">What was violated, most telling first.</param>
internal sealed record VerdictLine(int Orders, IReadOnlyList<string> Violations) : HistoryLine;
