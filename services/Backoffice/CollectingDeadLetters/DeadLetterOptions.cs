using System.ComponentModel.DataAnnotations;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>Configuration section <c>DeadLetters</c>.</summary>
public sealed class DeadLetterOptions
{
    /// <summary>Name of the configuration section.</summary>
    public const string Section = "DeadLetters";

    /// <summary>The broker's management interface, which lists the queues; user and password are those of the broker's connection string.</summary>
    [Required]
    public Uri? ManagementUrl { get; init; }

    /// <summary>The same of a cluster's other nodes, for when that one does not answer.</summary>
    public Uri[] OtherManagementUrls { get; init; } = [];

    /// <summary>Time between two looks for new queues: most of them come into being with their first message.</summary>
    public TimeSpan DiscoveryInterval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Messages of one queue that may wait here in memory.</summary>
    [Range(1, 1000)]
    public ushort PrefetchCount { get; init; } = 20;

    /// <summary>Dead letters that one decision about many works on at a time; each takes a connection to the database.</summary>
    [Range(1, 32)]
    public int BulkConcurrency { get; init; } = 8;

    /// <summary>Messages of orders that were delivered more than once, and are remembered for the orders' stories.</summary>
    [Range(1, 10_000_000)]
    public int KeptRepetitions { get; init; } = 100_000;

    /// <summary>How long a replay waits for the broker's confirm.</summary>
    public TimeSpan ConfirmTimeout { get; init; } = TimeSpan.FromSeconds(8);
}
