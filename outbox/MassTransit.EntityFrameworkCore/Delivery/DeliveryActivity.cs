using System.Diagnostics;
using MassTransit.Logging;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>The span of one delivery.</summary>
internal static class DeliveryActivity
{
    private static readonly ActivitySource Activities = new(DiagnosticHeaders.DefaultListenerName);

    /// <summary>Starts the span as a child of the one in which the message was stored, even after a restart.</summary>
    /// <returns>Null when nobody traces.</returns>
    public static Activity? Start(OutboxMessage message, Uri destination, string system)
    {
        var parent = ((MessageContext)message).Headers.TryGetHeader(DiagnosticHeaders.ActivityId, out var id)
            && ActivityContext.TryParse(id as string, null, out var context) ? context : default;
        var name = destination.Segments[^1];
        var activity = Activities.StartActivity($"{name} send", ActivityKind.Producer, parent);
        activity?.SetTag(DiagnosticHeaders.Messaging.System, system);
        activity?.SetTag(DiagnosticHeaders.Messaging.Operation, "send");
        activity?.SetTag(DiagnosticHeaders.Messaging.DestinationName, name);
        activity?.SetTag(DiagnosticHeaders.MessageTypes, message.MessageType.Replace(';', ','));
        activity?.SetTag(DiagnosticHeaders.Messaging.TransportMessageId, message.MessageId.ToString());
        if (message.CorrelationId is { } correlationId)
            activity?.SetTag(DiagnosticHeaders.CorrelationId, correlationId.ToString());
        return activity;
    }
}
