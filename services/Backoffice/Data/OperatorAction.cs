namespace OrderSample.Backoffice.Data;

/// <summary>What a person did here: the row of the audit trail. It is written before it is done, and completed with the outcome.</summary>
public sealed class OperatorAction
{
    /// <summary>Longest text, in characters.</summary>
    public const int MaxTextLength = 500;

    /// <summary>Primary key, ascending in time.</summary>
    public long Id { get; init; }

    /// <summary>Who.</summary>
    public required string By { get; init; }

    /// <summary>What this person may do.</summary>
    public required PersonRole Role { get; init; }

    /// <summary>When, UTC.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>What.</summary>
    public required string What { get; init; }

    /// <summary>To what.</summary>
    public required string Target { get; init; }

    /// <summary>Why; null when that goes without saying.</summary>
    public string? Reason { get; init; }

    /// <summary>"Done", or what went wrong; null when the backoffice ended in the middle of it, so that nobody knows.</summary>
    public string? Outcome { get; init; }
}
