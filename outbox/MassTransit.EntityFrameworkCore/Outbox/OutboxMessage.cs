using System.Text.Json;
using MassTransit.Metadata;
using MassTransit.Middleware;
using MassTransit.Serialization;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// A message that was sent or published inside a transaction and waits, as a row, for the broker's confirm.
/// The row is deleted once the broker has confirmed the message.
/// </summary>
/// <remarks>All times are UTC. The columns are a superset of those of MassTransit.EntityFrameworkCore 8.5.</remarks>
public class OutboxMessage : OutboxMessageContext
{
    /// <summary>The content type of MassTransit's envelope.</summary>
    internal static readonly string Envelope = SystemTextJsonMessageSerializer.JsonContentType.ToString();

    private string _messageType = "";
    private string? _typesInBody;
    private Headers? _headers;
    private IReadOnlyDictionary<string, object>? _properties;

    /// <summary>Primary key, ascending in the order in which messages were stored.</summary>
    public long SequenceNumber { get; set; }

    /// <summary>The id the receiver's inbox recognises the message by, however often it is delivered.</summary>
    public Guid MessageId { get; set; }

    /// <summary>
    /// From when on a sweeper may take this row: the due time of a scheduled message, the end of the lease of the process
    /// that stored or claimed it and is delivering it right now, or the next try. Null: parked, no sweeper takes it any more.
    /// </summary>
    public DateTime? EnqueueTime { get; set; }

    /// <summary>
    /// When the message was sent by the application; of a scheduled one, when it is due. Never changed, so it tells how long
    /// the message has waited for the broker.
    /// </summary>
    public DateTime SentTime { get; set; }

    /// <summary>How often it was refused for its own sake; the delay to the next delivery grows with it.</summary>
    public int Attempts { get; set; }

    /// <summary>Why the last delivery failed; null while none has.</summary>
    public string? LastError { get; set; }

    /// <summary>The token a scheduled message is cancelled by; null for a message that was not scheduled.</summary>
    public Guid? SchedulingTokenId { get; set; }

    /// <summary>Message headers as a JSON object; of an envelope without the one that <see cref="SchedulingTokenId"/> says.</summary>
    public string? Headers { get; set; }

    /// <summary>What only the transport knows, such as the routing key, as a JSON object.</summary>
    public string? Properties { get; set; }

    /// <summary>Of the official schema: message whose consumer stored this row. Not used here.</summary>
    public Guid? InboxMessageId { get; set; }

    /// <summary>Of the official schema: consumer that stored this row. Not used here.</summary>
    public Guid? InboxConsumerId { get; set; }

    /// <summary>Of the official schema: the scope that stored this row. Not used here.</summary>
    public Guid? OutboxId { get; set; }

    /// <summary>The content type of <see cref="Body"/>. The column is empty for an envelope.</summary>
    public string ContentType { get; set; } = null!;

    /// <summary>The message's type names, separated by semicolons. The column is empty where <see cref="Body"/> is an envelope, which says them.</summary>
    public string MessageType
    {
        get => _messageType.Length > 0 ? _messageType : _typesInBody ??= ReadTypesInBody();
        set => _messageType = value;
    }

    /// <summary>The type names as the sender knows them, so that the process that stores an envelope need not read them from <see cref="Body"/>.</summary>
    internal string TypesInBody
    {
        init => _typesInBody = value;
    }

    /// <summary>The serialized message, exactly as it goes to the broker.</summary>
    public string Body { get; set; } = null!;

    /// <summary>Of the official schema. Not used here: <see cref="Body"/>, an envelope, says it.</summary>
    public Guid? ConversationId { get; set; }

    /// <inheritdoc/>
    public Guid? CorrelationId { get; set; }

    /// <summary>Of the official schema. Not used here: <see cref="Body"/>, an envelope, says it.</summary>
    public Guid? InitiatorId { get; set; }

    /// <summary>Of the official schema. Not used here: <see cref="Body"/>, an envelope, says it.</summary>
    public Guid? RequestId { get; set; }

    /// <summary>Of the official schema. Not used here: <see cref="Body"/>, an envelope, says it.</summary>
    public Uri? SourceAddress { get; set; }

    /// <inheritdoc/>
    public Uri? DestinationAddress { get; set; }

    /// <summary>Of the official schema. Not used here: <see cref="Body"/>, an envelope, says it.</summary>
    public Uri? ResponseAddress { get; set; }

    /// <summary>Of the official schema. Not used here: <see cref="Body"/>, an envelope, says it.</summary>
    public Uri? FaultAddress { get; set; }

    /// <summary>After this the broker may drop the message; null: never.</summary>
    public DateTime? ExpirationTime { get; set; }

    Guid? MessageContext.MessageId => MessageId;

    DateTime? MessageContext.SentTime => SentTime;

    HostInfo MessageContext.Host => HostMetadataCache.Host;

    Headers MessageContext.Headers => _headers ??= ReadHeaders(SystemTextJsonMessageSerializer.Instance);

    IReadOnlyDictionary<string, object> OutboxMessageContext.Properties => _properties ??= ReadProperties(SystemTextJsonMessageSerializer.Instance);

    /// <summary>Reads headers and properties; where it is not called they are read when they are first asked for.</summary>
    /// <param name="deserializer">Reads JSON.</param>
    public void Deserialize(IObjectDeserializer deserializer)
    {
        ArgumentNullException.ThrowIfNull(deserializer);
        _headers = ReadHeaders(deserializer);
        _properties = ReadProperties(deserializer);
    }

    private string ReadTypesInBody()
    {
        try
        {
            return string.Join(';', JsonSerializer.Deserialize<MessageTypes>(Body, JsonSerializerOptions.Web)?.MessageType ?? []);
        }
        catch (JsonException)
        {
            return "";
        }
    }

    private Headers ReadHeaders(IObjectDeserializer deserializer)
    {
        var headers = deserializer.DeserializeDictionary<object?>(Headers);
        if (SchedulingTokenId is { } tokenId)
            (headers ??= [])[MessageHeaders.SchedulingTokenId] = tokenId.ToString("D");
        return headers is null ? EmptyHeaders.Instance : new DictionarySendHeaders(headers);
    }

    private Dictionary<string, object> ReadProperties(IObjectDeserializer deserializer) =>
        deserializer.DeserializeDictionary<object>(Properties)
        ?? new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);

    /// <summary>What of an envelope says its types.</summary>
    private sealed record MessageTypes(string[]? MessageType);
}
