namespace OrderSample.ServiceDefaults.Messaging;

/// <summary>A dependency failed in a way that may pass, so the message is worth another attempt.</summary>
/// <param name="message">What failed.</param>
/// <param name="innerException">Why, if known.</param>
public class TransientFailureException(string message, Exception? innerException = null) : Exception(message, innerException);
