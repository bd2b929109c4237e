using System.Runtime.InteropServices;
using System.Text.Json;

namespace OrderSample.Backoffice.CollectingDeadLetters;

/// <summary>What MassTransit's envelope says of a message, as far as it can be read.</summary>
/// <param name="MessageType">The first of its types.</param>
/// <param name="OrderId">The order that it belongs to.</param>
/// <param name="SchedulingToken">The timeout that it is, if it is one: a saga takes the one that it waits for, and no other.</param>
/// <param name="Content">The message itself, byte for byte.</param>
internal sealed record Envelope(string? MessageType, Guid? OrderId, string? SchedulingToken, byte[] Content)
{
    private static readonly Envelope Unreadable = new(null, null, null, []);

    /// <remarks>Never throws: what can't be read is a dead letter for that very reason.</remarks>
    public static Envelope Of(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var envelope = document.RootElement;
            var message = Member(envelope, "message");
            return new Envelope(
                Member(envelope, "messageType") is { ValueKind: JsonValueKind.Array } types && types.GetArrayLength() > 0 ? Text(types[0]) : null,
                Guid.TryParse(Text(Member(message, "orderId")), out var orderId) ? orderId : null,
                Text(Member(Member(envelope, "headers"), "MT-Scheduling-TokenId")),
                message is { } content ? JsonMarshal.GetRawUtf8Value(content).ToArray() : []);
        }
        catch (JsonException)
        {
            return Unreadable;
        }
    }

    private static JsonElement? Member(JsonElement? of, string name) =>
        of is { ValueKind: JsonValueKind.Object } element && element.TryGetProperty(name, out var member) ? member : null;

    private static string? Text(JsonElement? element)
    {
        try
        {
            return element is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // It is no Unicode.
            return null;
        }
    }
}
