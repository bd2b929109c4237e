namespace OrderSample.Backoffice.Data;

/// <summary>A message that says the same as an open case's, and is part of that case. It is kept so that one that is delivered twice counts once.</summary>
public sealed class DeadLetterCopy
{
    /// <summary>Primary key, ascending in the order of arrival.</summary>
    public long Id { get; init; }

    /// <summary>The case.</summary>
    public required long DeadLetterId { get; init; }

    /// <inheritdoc cref="DeadLetter.Fingerprint"/>
    public required byte[] Fingerprint { get; init; }

    /// <summary>The copy's own id; null if it came without.</summary>
    public required string? MessageId { get; init; }

    /// <summary>When it failed, UTC.</summary>
    public required DateTimeOffset At { get; init; }
}
