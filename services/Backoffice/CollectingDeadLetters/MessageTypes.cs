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
        return type is null ? null : Plain(type);
    }

    /// <summary>A type without what all of them begin with, as it fits its column.</summary>
    public static string Plain(string type) =>
        Limited.Text(type.StartsWith(Urn, StringComparison.Ordinal) ? type[Urn.Length..] : type, DeadLetter.MaxTypeLength)!;
}
