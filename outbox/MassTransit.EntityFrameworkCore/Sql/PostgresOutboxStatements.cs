namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>PostgreSQL: many values are one array.</summary>
internal sealed class PostgresOutboxStatements(TableNames<InboxState> inbox, TableNames<OutboxMessage> outbox) : OutboxStatements
{
    public override string InsertInbox { get; } = $$"""
        INSERT INTO {{inbox}} ({{inbox[nameof(InboxState.MessageId)]}}, {{inbox[nameof(InboxState.ConsumerId)]}}, {{inbox[nameof(InboxState.LockId)]}},
            {{inbox[nameof(InboxState.Received)]}}, {{inbox[nameof(InboxState.ReceiveCount)]}}, {{inbox[nameof(InboxState.Consumed)]}}, {{inbox[nameof(InboxState.Delivered)]}})
        VALUES ({0}, {1}, {1}, {2}, 1, {2}, {2}) ON CONFLICT DO NOTHING
        """;

    public override string InsertNewInboxRows { get; } = InsertRows(inbox);

    public override string InsertInboxRows { get; } = $"{InsertRows(inbox)} ON CONFLICT DO NOTHING RETURNING *";

    public override string DeleteOldInbox { get; } = $$"""
        DELETE FROM {{inbox}} WHERE {{inbox[nameof(InboxState.Id)]}} IN (
            SELECT {{inbox[nameof(InboxState.Id)]}} FROM {{inbox}} ORDER BY {{inbox[nameof(InboxState.Id)]}} LIMIT {1} FOR UPDATE SKIP LOCKED)
        AND {{inbox[nameof(InboxState.Received)]}} < {0}
        """;

    public override string ClaimDue { get; } = $$"""
        UPDATE {{outbox}} SET {{outbox[nameof(OutboxMessage.EnqueueTime)]}} = {1} WHERE {{outbox[nameof(OutboxMessage.SequenceNumber)]}} IN (
            SELECT {{outbox[nameof(OutboxMessage.SequenceNumber)]}} FROM {{outbox}} WHERE {{outbox[nameof(OutboxMessage.EnqueueTime)]}} <= {0}
            ORDER BY {{outbox[nameof(OutboxMessage.EnqueueTime)]}} LIMIT {2} FOR UPDATE SKIP LOCKED)
        RETURNING *
        """;

    public override string ClaimGiven { get; } = $$"""
        UPDATE {{outbox}} SET {{outbox[nameof(OutboxMessage.EnqueueTime)]}} = {1} WHERE {{outbox[nameof(OutboxMessage.SequenceNumber)]}} = ANY({0}) RETURNING *
        """;

    public override string Delete { get; } = $$"""
        DELETE FROM {{outbox}} WHERE {{outbox[nameof(OutboxMessage.SequenceNumber)]}} = ANY({0})
        """;

    public override string Defer { get; } = $$"""
        UPDATE {{outbox}} AS row SET {{outbox[nameof(OutboxMessage.EnqueueTime)]}} = failed.next, {{outbox[nameof(OutboxMessage.LastError)]}} = failed.error,
            {{outbox[nameof(OutboxMessage.Attempts)]}} = failed.attempts
        FROM unnest({0}, {1}, {2}, {3}) AS failed(id, next, attempts, error) WHERE row.{{outbox[nameof(OutboxMessage.SequenceNumber)]}} = failed.id
        """;

    public override string Cancel { get; } = $$"""
        DELETE FROM {{outbox}} WHERE {{outbox[nameof(OutboxMessage.SchedulingTokenId)]}} = ANY({0})
        """;

    public override object Keys(long[] sequenceNumbers) => sequenceNumbers;

    public override object Tokens(Guid[] tokenIds) => tokenIds;

    public override object[] FailedRows(IReadOnlyList<FailedRow> rows) =>
        [rows.Select(x => x.SequenceNumber).ToArray(), rows.Select(x => x.Next).ToArray(), rows.Select(x => x.Attempts).ToArray(), rows.Select(x => x.Error).ToArray()];

    private static string InsertRows(TableNames<InboxState> inbox) => $$"""
        INSERT INTO {{inbox}} ({{inbox[nameof(InboxState.MessageId)]}}, {{inbox[nameof(InboxState.ConsumerId)]}}, {{inbox[nameof(InboxState.LockId)]}},
            {{inbox[nameof(InboxState.Received)]}}, {{inbox[nameof(InboxState.ReceiveCount)]}}, {{inbox[nameof(InboxState.Consumed)]}}, {{inbox[nameof(InboxState.Delivered)]}})
        SELECT message, consumer, consumer, {2}, 1, {2}, {2} FROM unnest({0}, {1}) AS received(message, consumer)
        """;
}
