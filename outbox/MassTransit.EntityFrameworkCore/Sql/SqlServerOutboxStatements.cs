using System.Text.Json;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>SQL Server 2016 or later: many values are one JSON text.</summary>
internal sealed class SqlServerOutboxStatements(TableNames<InboxState> inbox, TableNames<OutboxMessage> outbox) : OutboxStatements
{
    // The unique key decides, as it waits for an insert of the same key that is not committed. A NOT EXISTS with range
    // locks would decide too, but make messages with neighbouring ids wait for one another.
    public override string InsertInbox { get; } = $$"""
        BEGIN TRY
            INSERT INTO {{inbox}} ({{inbox[nameof(InboxState.MessageId)]}}, {{inbox[nameof(InboxState.ConsumerId)]}}, {{inbox[nameof(InboxState.LockId)]}},
                {{inbox[nameof(InboxState.Received)]}}, {{inbox[nameof(InboxState.ReceiveCount)]}}, {{inbox[nameof(InboxState.Consumed)]}}, {{inbox[nameof(InboxState.Delivered)]}})
            VALUES ({0}, {1}, {1}, {2}, 1, {2}, {2});
        END TRY
        BEGIN CATCH
            IF ERROR_NUMBER() NOT IN (2601, 2627) THROW;
        END CATCH
        """;

    public override string DeleteOldInbox { get; } = $$"""
        DELETE FROM {{inbox}} WHERE {{inbox[nameof(InboxState.Id)]}} IN (
            SELECT TOP ({1}) {{inbox[nameof(InboxState.Id)]}} FROM {{inbox}} WITH (UPDLOCK, ROWLOCK, READPAST) ORDER BY {{inbox[nameof(InboxState.Id)]}})
        AND {{inbox[nameof(InboxState.Received)]}} < {0}
        """;

    // The last condition says nothing new where the hints hold. A server that ignores them would otherwise let two claim the same rows.
    public override string ClaimDue { get; } = $$"""
        UPDATE [row] SET {{outbox[nameof(OutboxMessage.EnqueueTime)]}} = {1} OUTPUT inserted.*
        FROM (SELECT TOP ({2}) {{outbox[nameof(OutboxMessage.SequenceNumber)]}} FROM {{outbox}} WITH (UPDLOCK, ROWLOCK, READPAST)
            WHERE {{outbox[nameof(OutboxMessage.EnqueueTime)]}} <= {0} ORDER BY {{outbox[nameof(OutboxMessage.EnqueueTime)]}}) AS [due]
        INNER LOOP JOIN {{outbox}} AS [row] WITH (ROWLOCK)
        ON [row].{{outbox[nameof(OutboxMessage.SequenceNumber)]}} = [due].{{outbox[nameof(OutboxMessage.SequenceNumber)]}} AND [row].{{outbox[nameof(OutboxMessage.EnqueueTime)]}} <= {0}
        """;

    // By a loop from the keys to their rows: any other way could read the whole table, and wait for rows that others have locked.
    public override string ClaimGiven { get; } = $$"""
        UPDATE [row] SET {{outbox[nameof(OutboxMessage.EnqueueTime)]}} = {1} OUTPUT inserted.*
        FROM OPENJSON({0}) WITH ([id] bigint '$') AS [given] INNER LOOP JOIN {{outbox}} AS [row] WITH (ROWLOCK)
        ON [row].{{outbox[nameof(OutboxMessage.SequenceNumber)]}} = [given].[id]
        """;

    public override string Delete { get; } = $$"""
        DELETE [row] FROM OPENJSON({0}) WITH ([id] bigint '$') AS [given] INNER LOOP JOIN {{outbox}} AS [row] WITH (ROWLOCK)
        ON [row].{{outbox[nameof(OutboxMessage.SequenceNumber)]}} = [given].[id]
        """;

    public override string Defer { get; } = $$"""
        UPDATE [row] SET {{outbox[nameof(OutboxMessage.EnqueueTime)]}} = [failed].[Next], {{outbox[nameof(OutboxMessage.LastError)]}} = [failed].[Error],
            {{outbox[nameof(OutboxMessage.Attempts)]}} = [failed].[Attempts]
        FROM OPENJSON({0}) WITH ([SequenceNumber] bigint '$.SequenceNumber', [Next] datetime2 '$.Next', [Attempts] int '$.Attempts', [Error] nvarchar(max) '$.Error') AS [failed]
        INNER LOOP JOIN {{outbox}} AS [row] WITH (ROWLOCK)
        ON [row].{{outbox[nameof(OutboxMessage.SequenceNumber)]}} = [failed].[SequenceNumber]
        """;

    // The second condition says nothing new but to the optimizer: an index may leave out the rows without a token.
    public override string Cancel { get; } = $$"""
        DELETE [row] FROM OPENJSON({0}) WITH ([id] uniqueidentifier '$') AS [given] INNER LOOP JOIN {{outbox}} AS [row] WITH (ROWLOCK)
        ON [row].{{outbox[nameof(OutboxMessage.SchedulingTokenId)]}} = [given].[id] AND [row].{{outbox[nameof(OutboxMessage.SchedulingTokenId)]}} IS NOT NULL
        """;

    public override object Keys(long[] sequenceNumbers) => JsonSerializer.Serialize(sequenceNumbers);

    public override object Tokens(Guid[] tokenIds) => JsonSerializer.Serialize(tokenIds);

    // Times without a zone: the column knows none, and all of them are UTC.
    public override object[] FailedRows(IReadOnlyList<FailedRow> rows) =>
    [
        JsonSerializer.Serialize(rows.Select(x => x with { Next = x.Next is { } next ? DateTime.SpecifyKind(next, DateTimeKind.Unspecified) : null })),
    ];
}
