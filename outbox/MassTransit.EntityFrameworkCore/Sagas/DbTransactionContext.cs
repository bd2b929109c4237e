namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>A payload that says: a transaction has been started and will be committed, don't start another.</summary>
public interface DbTransactionContext
{
    /// <summary>The transaction, for logs.</summary>
    Guid TransactionId { get; }
}
