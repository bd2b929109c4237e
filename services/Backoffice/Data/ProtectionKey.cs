namespace OrderSample.Backoffice.Data;

/// <summary>A key that cookies are protected with: kept, so that a restart leaves people signed in.</summary>
public sealed class ProtectionKey
{
    /// <summary>Primary key.</summary>
    public long Id { get; init; }

    /// <summary>The framework's XML.</summary>
    public required string Xml { get; init; }
}
