using OrderSample.NotificationService.Data;
using OrderSample.ServiceDefaults.Messaging;

namespace OrderSample.NotificationService.Notifying;

/// <summary>A mail server or gateway refused or did not answer.</summary>
/// <param name="message">What failed.</param>
/// <param name="innerException">Why.</param>
internal sealed class NotificationFailedException(string message, Exception innerException) :
    PartOfBatchFailedException(message, innerException)
{
    /// <summary>For what could not be sent of a batch.</summary>
    /// <param name="failed">At least one; all of them have failed.</param>
    /// <param name="channel">How it was tried.</param>
    public static NotificationFailedException Of(IReadOnlyCollection<Attempt> failed, NotificationChannel channel)
    {
        var problems = failed.Select(x => $"{x.Notice.Kind} by {channel} could not be sent: {x.Failure!.Message}").Distinct(StringComparer.Ordinal);
        return new NotificationFailedException(string.Join("; ", problems), failed.First().Failure!);
    }
}
