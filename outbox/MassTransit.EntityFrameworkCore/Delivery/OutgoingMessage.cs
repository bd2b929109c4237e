using System.Diagnostics;
using System.Globalization;
using System.Text;
using MassTransit.Logging;
using MassTransit.Middleware;
using MassTransit.RabbitMqTransport;
using MassTransit.Serialization;
using RabbitMQ.Client;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>A stored message as the broker gets it: as the application sent it, byte for byte.</summary>
internal sealed record OutgoingMessage(string RoutingKey, bool Mandatory, BasicProperties Properties, ReadOnlyMemory<byte> Body)
{
    /// <summary>Header with the time at which a message was sent that had waited for a second or more, in ISO 8601; its <c>SentTime</c> is when it was stored.</summary>
    public const string SentHeader = "Outbox-Sent";

    /// <summary>Shorter ones are no wait that a person would notice. So nothing is added to what goes out at once.</summary>
    private static readonly TimeSpan NoticedWait = TimeSpan.FromSeconds(1);

    /// <param name="message">The row.</param>
    /// <param name="activity">The delivery's span, which the receiver's span becomes a child of; null when nobody traces.</param>
    /// <param name="now">UTC.</param>
    public static OutgoingMessage From(OutboxMessage message, Activity? activity, DateTime now)
    {
        var transport = new RabbitMqMessageSendContext<SerializedMessageBody>(new BasicProperties(), "", new SerializedMessageBody(), CancellationToken.None);
        transport.ReadPropertiesFrom(((OutboxMessageContext)message).Properties);

        var properties = transport.BasicProperties;
        properties.ContentType = message.ContentType;
        properties.Persistent = transport.Durable;
        properties.MessageId = message.MessageId.ToString();
        properties.CorrelationId = message.CorrelationId?.ToString();
        properties.Headers = HeadersOf(message, activity, now);
        if (message.ExpirationTime - now is { } left)
            properties.Expiration = Math.Max(1, left.TotalMilliseconds).ToString("F0", CultureInfo.InvariantCulture);

        return new OutgoingMessage(transport.RoutingKey ?? "", transport.Mandatory, properties, Encoding.UTF8.GetBytes(message.Body));
    }

    private static Dictionary<string, object?> HeadersOf(OutboxMessage message, Activity? activity, DateTime now)
    {
        var headers = new Dictionary<string, object?>();
        foreach (var header in ((MessageContext)message).Headers.GetAll())
        {
            // What AMQP has a type for goes as it is, the rest as text, as the bus does.
            headers[header.Key] = header.Value switch
            {
                null => null,
                string or bool or byte or short or int or long or float or double or decimal => header.Value,
                IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
                var value => value.ToString(),
            };
        }

        if (activity?.Id is { } id)
            headers[DiagnosticHeaders.ActivityId] = id;
        // What is scheduled is due from then on, and found by the next poll.
        if (message.SchedulingTokenId is null && now - message.SentTime >= NoticedWait)
            headers[SentHeader] = now.ToString("O", CultureInfo.InvariantCulture);
        return headers;
    }
}
