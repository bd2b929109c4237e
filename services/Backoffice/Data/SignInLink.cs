namespace OrderSample.Backoffice.Data;

/// <summary>What a person may do here.</summary>
public enum PersonRole
{
    /// <summary>Look at everything.</summary>
    Viewer,

    /// <summary>Look, and act.</summary>
    Operator,
}

/// <summary>A link that signs one person in, once. Only a hash of its token is kept: who reads the table can't use it.</summary>
public sealed class SignInLink
{
    /// <summary>Primary key, ascending in time.</summary>
    public long Id { get; init; }

    /// <summary>SHA-256 of the token.</summary>
    public required byte[] TokenHash { get; init; }

    /// <summary>What whoever uses it may do.</summary>
    public required PersonRole Role { get; init; }

    /// <summary>Who made it.</summary>
    public required string MadeBy { get; init; }

    /// <summary>When it was made, UTC.</summary>
    public required DateTimeOffset MadeAt { get; init; }

    /// <summary>From when on it can't be used any more, UTC.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>When it was used, UTC; null until then.</summary>
    public DateTimeOffset? UsedAt { get; init; }

    /// <summary>The name its user has given; null until then.</summary>
    public string? UsedBy { get; init; }
}
