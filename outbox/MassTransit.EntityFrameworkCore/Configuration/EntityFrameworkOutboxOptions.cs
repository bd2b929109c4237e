using System.Data;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;

namespace MassTransit;

/// <summary>The settings of one DbContext's outbox and inbox, as the configurators left them; typed, because a process may have several.</summary>
/// <typeparam name="TDbContext">The DbContext.</typeparam>
public class EntityFrameworkOutboxOptions<TDbContext>
    where TDbContext : DbContext
{
    /// <summary>Isolation of the transaction a message is consumed in.</summary>
    public IsolationLevel IsolationLevel { get; set; } = IsolationLevel.ReadCommitted;

    /// <summary>How rows are locked on the database in use.</summary>
    public ILockStatementProvider LockStatementProvider { get; set; } = new ConnectedLockStatementProvider();

    /// <summary>How long the inbox remembers a message id.</summary>
    public TimeSpan DuplicateDetectionWindow { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How long the sweeper rests when it found no due row.</summary>
    public TimeSpan QueryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many rows one statement of the sweeper or the clean-up takes.</summary>
    public int QueryMessageLimit { get; set; } = 500;

    /// <summary>Time limit of one statement of the sweeper and the clean-up.</summary>
    public TimeSpan QueryTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How many messages may wait for the broker's confirm at a time.</summary>
    public int MessageDeliveryLimit { get; set; } = 50;

    /// <summary>How long one delivery may take, confirm included, before it counts as failed.</summary>
    public TimeSpan MessageDeliveryTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How long a stored or claimed row belongs to one process. Longer than a delivery may take, so that nobody else
    /// sends what is being sent; short, because it is how long a crashed process's messages wait.
    /// </summary>
    public TimeSpan Lease => MessageDeliveryTimeout + MessageDeliveryTimeout;

    /// <summary>After how many refusals a message is parked: kept, but not sent again until a person asks for it.</summary>
    public int MaxDeliveryAttempts { get; set; } = 12;

    /// <summary>How long a message waits after its first failed delivery; it doubles with each further one.</summary>
    public TimeSpan FirstRetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>The longest that a message waits between two deliveries.</summary>
    public TimeSpan LongestRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>When a message that could not be delivered is to be sent again.</summary>
    /// <param name="now">UTC.</param>
    /// <param name="attempts">Failed deliveries so far, from 1.</param>
    /// <returns>UTC, less up to a quarter of the delay so that failures do not come back in step; null for never: the message is parked.</returns>
    public DateTime? NextDelivery(DateTime now, int attempts)
    {
        if (attempts >= MaxDeliveryAttempts)
            return null;
        // In seconds, where doubling on and on has no end; a time span would overflow.
        var delay = TimeSpan.FromSeconds(Math.Min(FirstRetryDelay.TotalSeconds * Math.Pow(2, attempts - 1), LongestRetryDelay.TotalSeconds));
        return now + (delay * (1 - (Random.Shared.NextDouble() / 4)));
    }
}
