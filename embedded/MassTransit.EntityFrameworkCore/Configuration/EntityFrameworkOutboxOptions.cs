using System.Data;
using MassTransit.EntityFrameworkCoreIntegration;

namespace MassTransit;

/// <summary>The settings of one process's outbox and inbox, as the configurators left them.</summary>
public class EntityFrameworkOutboxOptions
{
    /// <summary>Isolation of the transaction a message is consumed in.</summary>
    public IsolationLevel IsolationLevel { get; set; } = IsolationLevel.ReadCommitted;

    /// <summary>How rows are locked on the database in use.</summary>
    public ILockStatementProvider LockStatementProvider { get; set; } = new PostgresLockStatementProvider();

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

    /// <summary>How long a message that could not be delivered waits for its next delivery.</summary>
    /// <param name="attempts">Failed deliveries so far, from 1.</param>
    /// <returns>1 s, doubled each time up to 1 min, less up to a quarter so that failures do not come back in step.</returns>
    public static TimeSpan RetryDelay(int attempts)
    {
        var seconds = Math.Min(60, Math.Pow(2, Math.Min(attempts, 7) - 1));
        return TimeSpan.FromSeconds(seconds * (1 - (Random.Shared.NextDouble() / 4)));
    }
}
