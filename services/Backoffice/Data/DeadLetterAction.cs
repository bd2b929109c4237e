using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Backoffice.Data;

/// <summary>What a person can do to a dead letter.</summary>
public enum DeadLetterActionKind
{
    /// <summary>Gave it back to the broker, which has confirmed it.</summary>
    Replayed,

    /// <summary>Tried that; it stays open.</summary>
    ReplayFailed,

    /// <summary>Decided that it is not to be handled any more.</summary>
    Discarded,

    /// <summary>Had a message with another body sent in its place.</summary>
    Edited,
}

/// <summary>What a person did to a dead letter: the audit trail's row, never changed.</summary>
public sealed class DeadLetterAction
{
    /// <summary>Primary key, ascending in time.</summary>
    public long Id { get; init; }

    /// <summary>The dead letter.</summary>
    public required long DeadLetterId { get; init; }

    /// <summary>What was done.</summary>
    public required DeadLetterActionKind Action { get; init; }

    /// <summary>Who did it.</summary>
    public required string By { get; init; }

    /// <summary>Why.</summary>
    public required string Reason { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What went wrong; null unless something did.</summary>
    public string? Problem { get; init; }

    internal static DeadLetterAction Of(
        OperatorDecision decision, long deadLetterId, DeadLetterActionKind action, DateTimeOffset at, string? problem = null) => new()
        {
            DeadLetterId = deadLetterId,
            Action = action,
            By = decision.By!,
            Reason = decision.Reason!,
            At = at,
            Problem = problem,
        };
}
