using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.NotificationService.Notifying;

/// <summary>A mail server or gateway refused or did not answer.</summary>
/// <param name="message">What failed.</param>
/// <param name="innerException">Why.</param>
internal sealed class NotificationFailedException(string message, Exception innerException) :
    TransientFailureException(message, innerException);
