using System.ComponentModel.DataAnnotations;

namespace OrderSample.ServiceDefaults.Messaging.Redelivery;

/// <summary>
/// What happens to a message that still fails after its immediate retries: it goes to a delay queue and comes back later,
/// while the endpoint works on others. After the last delay it goes to the endpoint's <c>_error</c> queue.
/// </summary>
public sealed class RedeliveryOptions
{
    /// <summary>How long a message waits, by how often it was redelivered before. Missing in the configuration: 5, 15 and 60 seconds.</summary>
    [MaxLength(10)]
    public IReadOnlyList<TimeSpan>? Delays { get; init; }

    /// <summary>The delays that hold.</summary>
    public IReadOnlyList<TimeSpan> DelaysOrDefault =>
        Delays is { Count: > 0 } ? Delays : [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60)];
}
