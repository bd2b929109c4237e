using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>Stores messages in an outbox by hand.</summary>
public static class EntityFrameworkOutboxExtensions
{
    /// <summary>Adds a message to the outbox; the sweeper delivers it when it is saved and due.</summary>
    /// <typeparam name="T">The message.</typeparam>
    /// <param name="collection">The outbox.</param>
    /// <param name="context">The send, complete but for the broker.</param>
    /// <param name="deserializer">Writes headers as JSON.</param>
    /// <param name="inboxMessageId">Of the official schema: the message whose consumer sends it.</param>
    /// <param name="inboxConsumerId">Of the official schema: the consumer that sends it.</param>
    /// <param name="outboxId">Of the official schema: the scope that sends it.</param>
    /// <exception cref="MessageException">The send has no message id.</exception>
    public static Task AddSend<T>(this DbSet<OutboxMessage> collection, SendContext<T> context, IObjectDeserializer deserializer,
        Guid? inboxMessageId = null, Guid? inboxConsumerId = null, Guid? outboxId = null)
        where T : class
    {
        ArgumentNullException.ThrowIfNull(collection);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(deserializer);
        var message = OutboxMessageFactory.Create(context, DateTime.UtcNow, lease: TimeSpan.Zero);
        message.Headers = deserializer.SerializeDictionary(context.Headers.GetAll());
        message.InboxMessageId = inboxMessageId;
        message.InboxConsumerId = inboxConsumerId;
        message.OutboxId = outboxId;
        lock (collection)
            collection.Add(message);
        return Task.CompletedTask;
    }
}
