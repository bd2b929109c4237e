using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.Messaging;
using RabbitMQ.Client;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>Finds out what a message is, as far as it says.</summary>
internal static class MessageTypes
{
    private const string Urn = "urn:message:";

    /// <summary>The first type that the envelope, a header or a property names; null if none does.</summary>
    public static string? Of(IReadOnlyBasicProperties properties, Envelope envelope)
    {
        var type = envelope.MessageType ?? properties.Text("MT-MessageType")?.Split(';')[0] ?? properties.Type;
        if (type?.StartsWith(Urn, StringComparison.Ordinal) == true)
            type = type[Urn.Length..];
        return Limited.Text(type, DeadLetter.MaxTypeLength);
    }
}
