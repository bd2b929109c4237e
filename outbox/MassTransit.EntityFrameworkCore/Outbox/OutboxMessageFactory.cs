using System.Collections.Concurrent;
using MassTransit.Context;
using MassTransit.Serialization;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Turns a message that is being sent into the row that keeps it.</summary>
internal static class OutboxMessageFactory
{
    /// <summary>RabbitMQ's exchange, which the destination address says as well, and the delay, which the row's times say.</summary>
    private static readonly string[] SaidByTheRow = ["RMQ-Exchange", "Delay"];

    private const int MostExchanges = 1_000;
    private static readonly ConcurrentDictionary<Uri, Uri> Exchanges = new();

    /// <param name="context">The send, complete but for the broker: body, headers and addresses are as the broker will get them.</param>
    /// <param name="now">UTC.</param>
    /// <param name="lease">How long this process may try to deliver the row before a sweeper takes it.</param>
    /// <exception cref="MessageException">The send has no message id, so no receiver could recognise a duplicate.</exception>
    public static OutboxMessage Create<T>(SendContext<T> context, DateTime now, TimeSpan lease)
        where T : class
    {
        if (context.MessageId is not { } messageId)
            throw new MessageException(typeof(T), "A message needs a MessageId to be stored in the outbox");

        var contentType = (context.ContentType ?? context.Serialization.DefaultContentType).ToString();
        var isEnvelope = contentType == OutboxMessage.Envelope;
        var types = string.Join(';', context.SupportedMessageTypes);
        var headers = context.Headers.GetAll();
        return new OutboxMessage
        {
            MessageId = messageId,
            CorrelationId = context.CorrelationId,
            DestinationAddress = context.DestinationAddress is { } destination ? WithoutBroker(destination) : null,
            SentTime = now + (context.Delay ?? TimeSpan.Zero),
            EnqueueTime = now + (context.Delay ?? lease),
            ExpirationTime = now + context.TimeToLive,
            SchedulingTokenId = context.ScheduledMessageId,
            ContentType = contentType,
            MessageType = isEnvelope ? "" : types,
            TypesInBody = types,
            Body = context.Serializer.GetMessageBody(context).GetString(),
            Headers = Json(isEnvelope && context.ScheduledMessageId is not null ? headers.Where(header => header.Key != MessageHeaders.SchedulingTokenId) : headers),
            Properties = context is TransportSendContext transport ? Json(TransportProperties(transport)) : null,
        };
    }

    /// <summary>A delayed row is not for now: it waits for the sweeper to find it due.</summary>
    public static bool IsDueAtOnce<T>(SendContext<T> context)
        where T : class =>
        context.Delay is null || context.Delay <= TimeSpan.Zero;

    /// <summary>A broker's host and port may be others when the row is delivered: the exchange is looked for at the broker that is connected then.</summary>
    private static Uri WithoutBroker(Uri destination)
    {
        if (!destination.Scheme.StartsWith("rabbitmq", StringComparison.Ordinal))
            return destination;
        if (Exchanges.TryGetValue(destination, out var known))
            return known;

        var exchange = new Uri($"exchange:{destination.Segments[^1]}{destination.Query}");
        // Addresses of responses are many, and each is used but once or a few times.
        if (Exchanges.Count < MostExchanges)
            Exchanges[destination] = exchange;
        return exchange;
    }

    private static Dictionary<string, object> TransportProperties(TransportSendContext transport)
    {
        var properties = new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase);
        transport.WritePropertiesTo(properties);
        foreach (var name in SaidByTheRow)
            properties.Remove(name);
        return properties;
    }

    private static string? Json(IEnumerable<KeyValuePair<string, object>> values) =>
        SystemTextJsonMessageSerializer.Instance.SerializeDictionary(values);
}
