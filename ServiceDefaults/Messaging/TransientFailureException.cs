namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>A dependency failed in a way that may pass, so the message is worth another attempt.</summary>
/// <param name="message">What failed.</param>
/// <param name="innerException">Why, if known.</param>
public class TransientFailureException(string message, Exception? innerException = null) : Exception(message, innerException);

/// <summary>Some messages of a batch failed and the others are done: an immediate retry would begin with the whole batch again.</summary>
/// <param name="message">What failed.</param>
/// <param name="innerException">Why, if known.</param>
public class PartOfBatchFailedException(string message, Exception? innerException = null) : TransientFailureException(message, innerException);
