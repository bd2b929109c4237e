using System.ComponentModel.DataAnnotations;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>
/// Messages of an endpoint that are there at the same time share a transaction: one commit and a few statements for all of
/// them. When one fails, each gets a transaction of its own. The endpoint's concurrency is how many can come together.
/// </summary>
public sealed class SharedTransactionSettings
{
    /// <summary>Most messages in a transaction.</summary>
    [Range(1, 1000)]
    public int Messages { get; init; } = 16;

    /// <summary>Transactions at a time. Each takes a database connection.</summary>
    [Range(1, 100)]
    public int AtOnce { get; init; } = 1;
}
