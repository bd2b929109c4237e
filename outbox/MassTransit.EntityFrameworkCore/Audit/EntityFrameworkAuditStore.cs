using MassTransit.Audit;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCoreIntegration.Audit;

/// <summary>Keeps a copy of every audited message in a table, each in a transaction of its own.</summary>
/// <param name="contextOptions">Options of the DbContext, the connection among them.</param>
/// <param name="auditTableName">The table.</param>
/// <param name="auditTableSchema">Its schema; null: the connection's default.</param>
public class EntityFrameworkAuditStore(DbContextOptions contextOptions, string auditTableName, string? auditTableSchema = null)
    : IMessageAuditStore
{
    /// <summary>A new DbContext on the table; whoever asks for it disposes it.</summary>
    public DbContext AuditContext => new AuditDbContext(contextOptions, auditTableName, auditTableSchema);

    async Task IMessageAuditStore.StoreMessage<T>(T message, MessageAuditMetadata metadata)
    {
        await using var context = AuditContext;
        context.Add(new AuditRecord
        {
            MessageId = metadata.MessageId,
            ConversationId = metadata.ConversationId,
            CorrelationId = metadata.CorrelationId,
            InitiatorId = metadata.InitiatorId,
            RequestId = metadata.RequestId,
            SentTime = metadata.SentTime,
            SourceAddress = metadata.SourceAddress,
            DestinationAddress = metadata.DestinationAddress,
            ResponseAddress = metadata.ResponseAddress,
            FaultAddress = metadata.FaultAddress,
            InputAddress = metadata.InputAddress,
            ContextType = metadata.ContextType,
            MessageType = TypeCache<T>.ShortName,
            Custom = metadata.Custom,
            Headers = metadata.Headers,
            Message = message,
        });
        await context.SaveChangesAsync();
    }
}
