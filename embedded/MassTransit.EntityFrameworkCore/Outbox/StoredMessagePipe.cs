using System.Net.Mime;
using MassTransit.Context;
using MassTransit.Middleware;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Gives a send what its outbox row holds, so that the broker gets the message as it was first sent.</summary>
/// <remarks>The stored body goes out byte for byte: nothing is deserialized or serialized again.</remarks>
internal sealed class StoredMessagePipe(OutboxMessageContext message, DateTime now) : IPipe<SendContext>
{
    public Task Send(SendContext context)
    {
        context.MessageId = message.MessageId;
        context.RequestId = message.RequestId;
        context.ConversationId = message.ConversationId;
        context.CorrelationId = message.CorrelationId;
        context.InitiatorId = message.InitiatorId;
        context.SourceAddress = message.SourceAddress;
        context.ResponseAddress = message.ResponseAddress;
        context.FaultAddress = message.FaultAddress;
        context.SupportedMessageTypes = message.MessageType.Split(';');
        context.TimeToLive = message.ExpirationTime - now;

        foreach (var header in message.Headers.GetAll())
            context.Headers.Set(header.Key, header.Value);

        if (message.Properties.Count > 0 && context is TransportSendContext transport)
            transport.ReadPropertiesFrom(message.Properties);

        // Among the stored properties is the delay of a scheduled message. It is over: the row was due.
        context.Delay = null;
        context.Serializer = new StoredBody(message);
        return Task.CompletedTask;
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("outbox");

    private sealed class StoredBody(OutboxMessageContext message) : IMessageSerializer
    {
        public ContentType ContentType { get; } = new(message.ContentType);

        public MessageBody GetMessageBody<T>(SendContext<T> context)
            where T : class =>
            new StringMessageBody(message.Body);
    }
}
