namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// A DbContext whose messages can share a transaction, because it can lock what all of them need: in as few statements as
/// possible, and in an order that all transactions keep to, so that two of them wait for each other but never deadlock.
/// </summary>
public interface ILocksTogether
{
    /// <summary>What was locked beforehand. The consumers' own reads look here first.</summary>
    LockedRows Locked { get; }

    /// <summary>Locks what the consumers of some messages are going to change, and notes it in <see cref="Locked"/>.</summary>
    /// <param name="messages">The messages; each may be of another type.</param>
    /// <param name="cancellationToken">Gives up.</param>
    Task LockForAsync(IReadOnlyCollection<object> messages, CancellationToken cancellationToken);
}
