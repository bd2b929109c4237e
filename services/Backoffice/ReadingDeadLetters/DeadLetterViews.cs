using System.Text.Json.Nodes;
using OrderSample.Backoffice.Data;

namespace OrderSample.Backoffice.ReadingDeadLetters;

/// <summary>One dead letter of a list.</summary>
/// <param name="Id">What to name it by.</param>
/// <param name="GroupId">Its group.</param>
/// <param name="Status">What became of it.</param>
/// <param name="Cause">Why it is here.</param>
/// <param name="Queue">Queue it was last found in.</param>
/// <param name="Endpoint">Queue whose consumer should have handled it; for an unrouted message the exchange it was published to.</param>
/// <param name="MessageId">Its id, as receivers see it.</param>
/// <param name="MessageType">What it is, as far as it says.</param>
/// <param name="OrderId">The order that it is about; missing for a message of no order.</param>
/// <param name="ExceptionType">Type of the last exception.</param>
/// <param name="ExceptionMessage">Its message, or the broker's reason.</param>
/// <param name="Attempts">How often it came here: once, and again with every replay that failed. 0 for an edited message that has not failed.</param>
/// <param name="Copies">Messages that failed while it was open, and say the same: a command that was sent again. A replay sends this one only.</param>
/// <param name="FirstAt">When it failed first, UTC.</param>
/// <param name="LastAt">When it, or a copy of it, failed last, UTC.</param>
/// <param name="HandledAt">When a replay of it was handled, UTC; missing while nobody has reported it.</param>
/// <param name="HandledBy">The endpoint that handled it.</param>
/// <param name="IsMessage">Whether anything says what it is and where it belongs. What is no message fails again when it is replayed.</param>
/// <param name="EditedFrom">The dead letter that somebody has made this message of; missing for one that failed.</param>
public sealed record DeadLetterSummary(
    long Id, Guid GroupId, DeadLetterStatus Status, DeadLetterCause Cause, string Queue, string Endpoint, string? MessageId, string? MessageType, Guid? OrderId,
    string? ExceptionType, string? ExceptionMessage, int Attempts, int Copies, DateTimeOffset FirstAt, DateTimeOffset LastAt,
    DateTimeOffset? HandledAt = null, string? HandledBy = null, bool IsMessage = true, long? EditedFrom = null);

/// <summary>A page of dead letters, newest first.</summary>
/// <param name="Items">The dead letters.</param>
/// <param name="Next">What to give as <c>after</c> for the next page; missing on the last one.</param>
public sealed record DeadLetterPage(IReadOnlyList<DeadLetterSummary> Items, long? Next);

/// <summary>Dead letters that have most likely failed for the same reason.</summary>
/// <param name="Id">What to name the group by.</param>
/// <param name="Cause">Why they are here.</param>
/// <param name="ExceptionType">Type of the last exception.</param>
/// <param name="MessageType">What they are, as far as they say.</param>
/// <param name="Endpoint">Queue whose consumer should have handled them; for unrouted messages the exchange they were published to.</param>
/// <param name="Open">How many wait for a person.</param>
/// <param name="Replayed">How many were given back to the broker, and are neither handled nor back yet.</param>
/// <param name="Handled">How many were handled then.</param>
/// <param name="Discarded">How many are not to be handled any more.</param>
/// <param name="FirstAt">When the first of them failed first, UTC.</param>
/// <param name="LastAt">When the last of them failed last, UTC.</param>
public sealed record DeadLetterGroup(
    Guid Id, DeadLetterCause Cause, string? ExceptionType, string? MessageType, string Endpoint, int Open, int Replayed, int Handled, int Discarded,
    DateTimeOffset FirstAt, DateTimeOffset LastAt);

/// <summary>What somebody did to a dead letter.</summary>
/// <param name="Action">What was done.</param>
/// <param name="By">Who did it.</param>
/// <param name="Reason">Why.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Problem">What went wrong, if something did.</param>
public sealed record DeadLetterActionView(DeadLetterActionKind Action, string By, string Reason, DateTimeOffset At, string? Problem);

/// <summary>How the body is given: as it is, or in base64 when it is no text.</summary>
public enum BodyEncoding
{
    /// <summary>Text.</summary>
    Utf8,

    /// <summary>Base64 of the bytes.</summary>
    Base64,
}

/// <summary>Everything about one dead letter.</summary>
/// <param name="Summary">What the list has, too.</param>
/// <param name="StackTrace">Stack trace of the last exception.</param>
/// <param name="Redeliveries">In the last attempt: how often it was delayed and tried again.</param>
/// <param name="Retries">In the last attempt: immediate retries after its last redelivery.</param>
/// <param name="LostDeliveries">In the last attempt: deliveries that ended without an answer.</param>
/// <param name="ContentType">How the body is to be read, as its sender says.</param>
/// <param name="Headers">Its headers; text as it is, everything else as an object that names the AMQP type.</param>
/// <param name="Body">The message.</param>
/// <param name="BodyEncoding">How <paramref name="Body"/> is given.</param>
/// <param name="BodySize">Its size, in bytes.</param>
/// <param name="CopyIds">Message ids of its copies, oldest first; at most 100.</param>
/// <param name="OpenCase">The open case that stands for it: a copy came after it was closed. Missing when there is none, and for an open one.</param>
/// <param name="Actions">What was done to it, oldest first.</param>
/// <param name="ReplacedBy">The dead letter whose edited message was sent in its place; missing when there is none.</param>
public sealed record DeadLetterDetails(
    DeadLetterSummary Summary, string? StackTrace, int Redeliveries, int Retries, int LostDeliveries, string? ContentType, JsonObject Headers,
    string Body, BodyEncoding BodyEncoding, int BodySize, IReadOnlyList<string?> CopyIds, long? OpenCase, IReadOnlyList<DeadLetterActionView> Actions,
    long? ReplacedBy = null);
