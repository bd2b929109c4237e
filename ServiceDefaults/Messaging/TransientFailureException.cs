namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>A dependency failed in a way that may pass, so the message is worth another attempt.</summary>
/// <param name="message">What failed.</param>
/// <param name="innerException">Why, if known.</param>
public class TransientFailureException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>A dependency is away: every message would fail, so this one's tries do not count. It waits for as long as that lasts.</summary>
/// <param name="message">What is away.</param>
/// <param name="innerException">How that showed.</param>
public sealed class DependencyAwayException(string message, Exception? innerException = null) : TransientFailureException(message, innerException);

/// <summary>Some messages of a batch failed and the others are done: an immediate retry would begin with the whole batch again.</summary>
/// <param name="failures">Why each of them failed, by its message id: that is what becomes of it, in the log and as a dead letter.</param>
public sealed class PartOfBatchFailedException(IReadOnlyDictionary<Guid, TransientFailureException> failures)
    : TransientFailureException($"{failures.Count} messages of a batch failed.", failures.Values.FirstOrDefault())
{
    /// <summary>Why each failed, by its message id.</summary>
    public IReadOnlyDictionary<Guid, TransientFailureException> Failures { get; } = failures;
}
