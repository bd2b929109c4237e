using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.EditingDeadLetters;
using OrderSample.Backoffice.Messaging;

namespace OrderSample.Backoffice.Data;

/// <summary>Why a message is a dead letter.</summary>
public enum DeadLetterCause
{
    /// <summary>Its consumer failed until all retries were used up, or the message can't be read.</summary>
    Failed,

    /// <summary>Its endpoint has no consumer for a message of its type.</summary>
    Skipped,

    /// <summary>No queue takes what is published to its exchange.</summary>
    Unrouted,

    /// <summary>The broker took it out of its queue, for example after too many deliveries that nobody acknowledged.</summary>
    Rejected,
}

/// <summary>What became of a dead letter.</summary>
public enum DeadLetterStatus
{
    /// <summary>Waits for a person.</summary>
    Open,

    /// <summary>Was given back to the broker; open again should it fail again.</summary>
    Replayed,

    /// <summary>A consumer has handled the replay, or had handled the message before; final.</summary>
    Handled,

    /// <summary>Is not to be handled any more; final.</summary>
    Discarded,

    /// <summary>A message with an edited body has a case of its own in its place; final.</summary>
    Replaced,
}

/// <summary>
/// A message that could not be handled: one case, however often it is replayed and fails again, or sent again meanwhile. While it is
/// open, this row is the message: its queue does not have it any more.
/// </summary>
public sealed class DeadLetter
{
    /// <summary>Longest name of a queue or exchange, routing key, and message id, in characters.</summary>
    public const int MaxNameLength = 255;

    /// <summary>Longest name of a message or exception type, in characters; what is longer is cut.</summary>
    public const int MaxTypeLength = 500;

    /// <summary>Longest exception message, in characters; what is longer is cut.</summary>
    public const int MaxMessageLength = 4_000;

    /// <summary>Longest stack trace, in characters; what is longer is cut.</summary>
    public const int MaxStackTraceLength = 20_000;

    /// <summary>Primary key, ascending in the order of arrival.</summary>
    public long Id { get; init; }

    /// <summary>Hash of what makes it this case: where it was to go, its message id and its body.</summary>
    public required byte[] Fingerprint { get; init; }

    /// <summary>
    /// Hash of what this message and its copies have in common: a command of an order that was sent again, an event that was published
    /// again. Null for a message of no order. Of the open cases only one has it.
    /// </summary>
    public required byte[]? CopyKey { get; init; }

    /// <summary>Queue it was last found in.</summary>
    public required string Queue { get; set; }

    /// <summary>Queue whose consumer should have handled it; for an unrouted message the exchange it was published to. Empty when unknown.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Why it is here.</summary>
    public required DeadLetterCause Cause { get; set; }

    /// <summary>Exchange that a replay goes to; empty for the default one, and null when nobody knows where it belongs.</summary>
    public required string? Exchange { get; init; }

    /// <summary>Routing key of a replay.</summary>
    public required string RoutingKey { get; init; }

    /// <summary>The message's id, which a replay keeps; null if it came without.</summary>
    public required string? MessageId { get; init; }

    /// <summary>What it is, as far as its envelope or headers say.</summary>
    public required string? MessageType { get; init; }

    /// <summary>The order that it is about; null for a message of no order, or one that can't be read.</summary>
    public required Guid? OrderId { get; init; }

    /// <summary>Properties and headers, as it was last found.</summary>
    public required MessageProperties Properties { get; set; }

    /// <summary>The message, byte for byte.</summary>
    public required byte[] Body { get; init; }

    /// <summary>Type of the exception of the last attempt.</summary>
    public required string? ExceptionType { get; set; }

    /// <summary>Message of that exception, or the broker's reason.</summary>
    public required string? ExceptionMessage { get; set; }

    /// <summary>Stack trace of that exception.</summary>
    public required string? StackTrace { get; set; }

    /// <summary>Those with the same cause, exception type, message type and endpoint.</summary>
    public required Guid GroupId { get; set; }

    /// <summary>What became of it.</summary>
    public DeadLetterStatus Status { get; private set; }

    /// <summary>How often it has come here: once, and again with every replay that failed. An edited message begins with none.</summary>
    public int Attempts { get; private set; }

    /// <summary>Copies that failed, too, while this case was open. They are part of it: a replay sends this message only.</summary>
    public int Copies { get; private set; }

    /// <summary>Of the last attempt: how often it was delayed and tried again.</summary>
    public required int Redeliveries { get; set; }

    /// <summary>Of the last attempt: immediate retries after its last redelivery.</summary>
    public required int Retries { get; set; }

    /// <summary>Of the last attempt: deliveries that ended without an answer, because the consumer or its connection died.</summary>
    public required int LostDeliveries { get; set; }

    /// <summary>Number of the last replay; each has one of its own, and the message carries it.</summary>
    public int LastReplay { get; private set; }

    /// <summary>Number of the last replay whose failure is recorded.</summary>
    public int LastFailedReplay { get; private set; }

    /// <summary>When it failed first, UTC.</summary>
    public required DateTimeOffset FirstAt { get; init; }

    /// <summary>When it, or a copy of it, failed last, UTC.</summary>
    public required DateTimeOffset LastAt { get; set; }

    /// <summary>When a replay was handled, UTC; of an event that several endpoints take, by the first of them. Null while nobody has reported it.</summary>
    public DateTimeOffset? HandledAt { get; private set; }

    /// <summary>The endpoint that handled it.</summary>
    public string? HandledBy { get; private set; }

    /// <summary>The dead letter that this message was made of by a person; null for one that failed.</summary>
    public long? EditedFrom { get; private init; }

    /// <summary>A new case.</summary>
    internal static DeadLetter Of(ReceivedDeadLetter received, long? editedFrom = null) => new()
    {
        Fingerprint = received.Fingerprint,
        CopyKey = received.CopyKey,
        Queue = received.Queue,
        Endpoint = received.Origin.Endpoint,
        Cause = received.Origin.Cause,
        Exchange = received.Origin.Exchange,
        RoutingKey = received.Origin.RoutingKey,
        MessageId = received.MessageId,
        MessageType = received.MessageType,
        OrderId = received.Envelope.OrderId,
        Properties = received.Properties,
        Body = received.Body,
        ExceptionType = received.Fault.ExceptionType,
        ExceptionMessage = received.Fault.Message,
        StackTrace = received.Fault.StackTrace,
        GroupId = received.GroupId,
        Redeliveries = received.Fault.Redeliveries,
        Retries = received.Fault.Retries,
        LostDeliveries = received.Fault.LostDeliveries,
        FirstAt = received.At,
        LastAt = received.At,
        EditedFrom = editedFrom,
        Attempts = editedFrom is null ? 1 : 0,
    };

    /// <summary>Takes note that a replay has failed.</summary>
    /// <param name="received">The message, as it came back.</param>
    /// <param name="opens">Whether the case is open again: not when a copy that came meanwhile has an open case, which stands for both.</param>
    /// <returns>
    /// False when that is known already: the broker delivers again what was not acknowledged before a crash, and a copy that
    /// is older than the last failure, or of a message that was handled, has nothing new to say.
    /// </returns>
    internal bool FailAgain(ReceivedDeadLetter received, bool opens)
    {
        var replay = received.CaseId == Id ? received.Replay : 0;
        if (replay <= LastFailedReplay || HandledAt is not null)
            return false;

        LastFailedReplay = replay;
        // A replay that a crash kept from being recorded.
        LastReplay = Math.Max(LastReplay, replay);
        // A copy that was on its way when somebody decided against the message changes nothing about that.
        if (opens && !IsDecided)
            Status = DeadLetterStatus.Open;
        Attempts++;
        Queue = received.Queue;
        Cause = received.Origin.Cause;
        Properties = received.Properties;
        ExceptionType = received.Fault.ExceptionType;
        ExceptionMessage = received.Fault.Message;
        StackTrace = received.Fault.StackTrace;
        GroupId = received.GroupId;
        Redeliveries = received.Fault.Redeliveries;
        Retries = received.Fault.Retries;
        LostDeliveries = received.Fault.LostDeliveries;
        LastAt = received.At;
        return true;
    }

    /// <summary>Takes note of a copy.</summary>
    internal DeadLetterCopy AddCopy(ReceivedDeadLetter received)
    {
        Copies++;
        LastAt = received.At;
        return new DeadLetterCopy { DeadLetterId = Id, Fingerprint = received.Fingerprint, MessageId = received.MessageId, At = received.At };
    }

    /// <summary>Takes the number of a replay that is about to be tried.</summary>
    internal void BeginReplay() => LastReplay++;

    /// <summary>The broker has confirmed the replay.</summary>
    internal void Replayed() => Status = DeadLetterStatus.Replayed;

    /// <summary>Takes note that a consumer has handled a replay, also one that a crash kept from being recorded.</summary>
    internal void Handled(string endpoint, DateTimeOffset at)
    {
        if (HandledAt is not null)
            return;
        (HandledBy, HandledAt) = (endpoint, at);
        if (!IsDecided)
            Status = DeadLetterStatus.Handled;
    }

    /// <summary>A person has decided against it.</summary>
    internal void Discard() => Status = DeadLetterStatus.Discarded;

    /// <summary>A person sends another message in its place.</summary>
    /// <returns>The case of that message: open, and not failed yet. What it says of a failure is this one's.</returns>
    internal DeadLetter ReplacedBy(EditedMessage edited, DateTimeOffset at)
    {
        Status = DeadLetterStatus.Replaced;
        var message = new ReceivedDeadLetter(Queue, new Origin(Cause, Endpoint, Exchange, RoutingKey),
            new Fault(ExceptionType, ExceptionMessage, StackTrace, Redeliveries: 0, Retries: 0, LostDeliveries: 0, at),
            edited.MessageId, MessageType, CaseId: null, Replay: 0, Envelope.Of(edited.Body), Properties, edited.Body, at);
        return Of(message, editedFrom: Id);
    }

    /// <summary>Whether a person has decided that this message is not wanted any more.</summary>
    private bool IsDecided => Status is DeadLetterStatus.Discarded or DeadLetterStatus.Replaced;
}
