using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using RabbitMQ.Client;

namespace OrderSample.Backoffice.Messaging;

/// <summary>A message's AMQP properties and headers, kept so that it can be published again as it was.</summary>
/// <param name="ContentType">How the body is to be read.</param>
/// <param name="ContentEncoding">How the body is packed.</param>
/// <param name="CorrelationId">What the message belongs to.</param>
/// <param name="ReplyTo">Where an answer is wanted.</param>
/// <param name="Type">What the message is, to its sender.</param>
/// <param name="AppId">The sender's name.</param>
/// <param name="Priority">0 to 255.</param>
/// <param name="Timestamp">When it was sent, in seconds since 1970.</param>
/// <param name="Headers">The headers, as <see cref="AmqpHeaders"/> writes them.</param>
/// <remarks>
/// Left out on purpose: the user id, which the broker would refuse from another user, and the expiration: who sends a dead
/// letter again wants it to arrive.
/// </remarks>
public sealed record MessageProperties(
    string? ContentType, string? ContentEncoding, string? CorrelationId, string? ReplyTo, string? Type, string? AppId,
    byte? Priority, long? Timestamp, JsonObject Headers)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    internal static MessageProperties Of(IReadOnlyBasicProperties properties) => new(
        properties.ContentType, properties.ContentEncoding, properties.CorrelationId, properties.ReplyTo, properties.Type, properties.AppId,
        properties.IsPriorityPresent() ? properties.Priority : null,
        properties.IsTimestampPresent() ? properties.Timestamp.UnixTime : null,
        AmqpHeaders.ToJson(properties.Headers ?? new Dictionary<string, object?>()));

    internal static MessageProperties FromJson(string json) => JsonSerializer.Deserialize<MessageProperties>(json, Json)!;

    internal string ToJson() => JsonSerializer.Serialize(this, Json);

    /// <summary>The same properties for publishing, persistent.</summary>
    internal BasicProperties ToBasicProperties(string? messageId)
    {
        var properties = new BasicProperties
        {
            ContentType = ContentType,
            ContentEncoding = ContentEncoding,
            CorrelationId = CorrelationId,
            ReplyTo = ReplyTo,
            Type = Type,
            AppId = AppId,
            MessageId = messageId,
            Headers = AmqpHeaders.FromJson(Headers),
            Persistent = true,
        };
        if (Priority is { } priority)
            properties.Priority = priority;
        if (Timestamp is { } timestamp)
            properties.Timestamp = new AmqpTimestamp(timestamp);
        return properties;
    }
}
