using System.ComponentModel.DataAnnotations;
using MassTransit;

namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>Batches of messages of one type. The endpoint must have at least <see cref="Size"/> × <see cref="AtOnce"/> messages in hand.</summary>
public sealed class BatchSettings
{
    /// <summary>Most messages in a batch.</summary>
    [Range(1, 1000)]
    public int Size { get; init; } = 20;

    /// <summary>How long the first message of a batch waits for others.</summary>
    public TimeSpan Wait { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Batches of a type that are worked on at a time. Each takes a database connection.</summary>
    [Range(1, 100)]
    public int AtOnce { get; init; } = 2;

    internal void Apply(BatchOptions batch) => batch.SetMessageLimit(Size).SetTimeLimit(Wait).SetConcurrencyLimit(AtOnce);
}
