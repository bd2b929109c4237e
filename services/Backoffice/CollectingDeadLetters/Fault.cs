using System.Globalization;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.Messaging;
using OrderSample.ServiceDefaults.Messaging.Topology;
using RabbitMQ.Client;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>How the last attempt to handle a message ended.</summary>
/// <param name="ExceptionType">The exception's type; null if there was none.</param>
/// <param name="Message">Its message, or the broker's reason.</param>
/// <param name="StackTrace">Its stack trace.</param>
/// <param name="Redeliveries">How often the message was delayed and tried again.</param>
/// <param name="Retries">Immediate retries after the last redelivery.</param>
/// <param name="LostDeliveries">Deliveries that ended without an answer.</param>
/// <param name="At">When it failed, UTC; null if nothing says so.</param>
internal sealed record Fault(
    string? ExceptionType, string? Message, string? StackTrace, int Redeliveries, int Retries, int LostDeliveries, DateTimeOffset? At)
{
    public static Fault Of(DeadLetterCause cause, IReadOnlyBasicProperties properties)
    {
        // Once it has been delayed, any message has died in a delay queue; that says nothing of how it ended.
        var death = cause == DeadLetterCause.Rejected ? Death.Last(properties) : null;
        return new Fault(
            Limited.Text(properties.Text("MT-Fault-ExceptionType"), DeadLetter.MaxTypeLength),
            Limited.Text(properties.Text("MT-Fault-Message") ?? death?.Reason, DeadLetter.MaxMessageLength),
            Limited.Text(properties.Text("MT-Fault-StackTrace"), DeadLetter.MaxStackTraceLength),
            properties.Count(BrokerNames.RedeliveriesHeader),
            properties.Count("MT-Fault-RetryCount"),
            Math.Max(properties.Count("x-delivery-count"), death?.Count ?? 0),
            FaultTime(properties) ?? death?.At);
    }

    private static DateTimeOffset? FaultTime(IReadOnlyBasicProperties properties) =>
        DateTimeOffset.TryParse(properties.Text("MT-Fault-Timestamp"), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
}
