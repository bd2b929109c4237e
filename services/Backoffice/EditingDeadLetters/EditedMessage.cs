using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OrderSample.Backoffice.CollectingDeadLetters;
using OrderSample.Backoffice.Data;
using OrderSample.ServiceDefaults.Http;

namespace OrderSample.Backoffice.EditingDeadLetters;

/// <summary>
/// A dead letter's envelope around a message that a person has changed. It has a message id of its own: an inbox that knows the old message
/// would drop it otherwise.
/// </summary>
/// <param name="MessageId">The new id.</param>
/// <param name="Body">The new body.</param>
internal sealed record EditedMessage(string MessageId, byte[] Body)
{
    /// <summary>Longest message that can be given, in characters: a page sends it in one piece, and takes at most 64 KiB.</summary>
    public const int MaxLength = 16 * 1024;

    private const string Field = "message";

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    private static readonly JsonSerializerOptions AsSent = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a dead letter has a message that can be changed: JSON, in an envelope that says what it is.</summary>
    public static bool CanBeMadeOf(byte[] body) => EnvelopeIn(body) is not null;

    /// <summary>Puts the changed message into the dead letter's envelope.</summary>
    /// <param name="letter">The dead letter.</param>
    /// <param name="message">The message, as JSON.</param>
    /// <param name="messageId">Its id.</param>
    /// <param name="errors">Gets what is wrong.</param>
    /// <returns>Null when something is wrong.</returns>
    public static EditedMessage? Of(DeadLetter letter, string? message, Guid messageId, ValidationErrors errors)
    {
        var envelope = EnvelopeIn(letter.Body);
        if (!errors.Check(envelope is not null, Field, "can't be changed: this dead letter has no message in an envelope")
            || !errors.Check(message is { Length: <= MaxLength }, Field, $"must be given, in at most {MaxLength} characters"))
            return null;

        var changed = ObjectIn(message!);
        if (!errors.Check(changed is not null, Field, "must be a JSON object in which no name is there twice")
            || !errors.Check(!JsonNode.DeepEquals(changed, envelope![Field]), Field, "is unchanged: replay the dead letter as it is"))
            return null;

        envelope[Field] = changed;
        envelope["messageId"] = messageId.ToString();
        var body = Encoding.UTF8.GetBytes(envelope.ToJsonString(AsSent));
        return errors.Check(letter.OrderId is null || Envelope.Of(body).OrderId == letter.OrderId, Field, "must stay a message of the same order: orderId can't be changed")
            ? new EditedMessage(messageId.ToString(), body)
            : null;
    }

    private static JsonObject? EnvelopeIn(byte[] body) => ObjectIn(body) is { } envelope && envelope.ContainsKey("messageType") && envelope[Field] is JsonObject ? envelope : null;

    private static JsonObject? ObjectIn(string text) => ObjectIn(Encoding.UTF8.GetBytes(text));

    private static JsonObject? ObjectIn(byte[] json)
    {
        try
        {
            return JsonNode.Parse(json, documentOptions: Strict) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
