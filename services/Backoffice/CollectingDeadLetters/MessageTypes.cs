using System.Text.Json;
using OrderSample.Backoffice.Data;
using OrderSample.Backoffice.Messaging;
using RabbitMQ.Client;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>Finds out what a message is, as far as it says.</summary>
internal static class MessageTypes
{
    private const string Urn = "urn:message:";

    /// <summary>The first type that the envelope, a header or a property names; null if none does.</summary>
    /// <remarks>Never throws: what can't be read is a dead letter for that very reason.</remarks>
    public static string? Of(IReadOnlyBasicProperties properties, ReadOnlyMemory<byte> body)
    {
        var type = OfEnvelope(body) ?? properties.Text("MT-MessageType")?.Split(';')[0] ?? properties.Type;
        if (type?.StartsWith(Urn, StringComparison.Ordinal) == true)
            type = type[Urn.Length..];
        return Limited.Text(type, DeadLetter.MaxTypeLength);
    }

    private static string? OfEnvelope(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty("messageType", out var types)
                && types.ValueKind == JsonValueKind.Array && types.GetArrayLength() > 0
                && types[0].ValueKind == JsonValueKind.String
                    ? types[0].GetString()
                    : null;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // No JSON, or text in it that is no Unicode.
            return null;
        }
    }
}
