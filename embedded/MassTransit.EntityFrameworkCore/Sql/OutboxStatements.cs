using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage;

namespace MassTransit.EntityFrameworkCoreIntegration;

/// <summary>
/// The hot path's statements on one database, with the table and column names of the DbContext's model.
/// {0}, {1}, ... are parameters. All that differs between databases, but for row locks, is in the two methods below.
/// </summary>
internal sealed record OutboxStatements
{
    /// <summary>Stores that a consumer consumes a message: {0} message id, {1} consumer id, {2} now. One row, or none for a duplicate.</summary>
    /// <remarks>Waits while another transaction is consuming the same message.</remarks>
    public required string InsertInbox { get; init; }

    /// <summary>Deletes the oldest inbox rows received before {0}, at most {1}.</summary>
    public required string DeleteOldInbox { get; init; }

    /// <summary>Leases due rows and returns them: {0} now, {1} end of the lease, {2} how many at most.</summary>
    /// <remarks>Rows that another sweeper is claiming are passed over, not waited for.</remarks>
    public required string ClaimDue { get; init; }

    /// <summary>Leases given rows that are still there: {0} their sequence numbers, {1} end of the lease.</summary>
    public required string ClaimGiven { get; init; }

    /// <summary>Deletes the rows with the sequence numbers {0}.</summary>
    public required string Delete { get; init; }

    /// <summary>Puts off rows that could not be delivered: {0} sequence numbers, {1} next times, {2} errors, each an array.</summary>
    public required string PutOff { get; init; }

    /// <summary>Deletes the scheduled message with the token {0}.</summary>
    public required string Cancel { get; init; }

    /// <summary>The statements for the database that a DbContext is connected to.</summary>
    /// <exception cref="NotSupportedException">The database is none of those written here.</exception>
    public static OutboxStatements For(DbContext context) => context.Database.ProviderName switch
    {
        "Npgsql.EntityFrameworkCore.PostgreSQL" => Postgres(context),
        var other => throw new NotSupportedException($"The outbox has no statements for the database provider {other}; it knows PostgreSQL (Npgsql)."),
    };

    private static OutboxStatements Postgres(DbContext context)
    {
        var inbox = new TableNames<InboxState>(context);
        var outbox = new TableNames<OutboxMessage>(context);
        var sequence = outbox[nameof(OutboxMessage.SequenceNumber)];
        var due = outbox[nameof(OutboxMessage.EnqueueTime)];

        return new OutboxStatements
        {
            InsertInbox = $$"""
                INSERT INTO {{inbox.Table}} ({{inbox[nameof(InboxState.MessageId)]}}, {{inbox[nameof(InboxState.ConsumerId)]}}, {{inbox[nameof(InboxState.LockId)]}},
                    {{inbox[nameof(InboxState.Received)]}}, {{inbox[nameof(InboxState.ReceiveCount)]}}, {{inbox[nameof(InboxState.Consumed)]}}, {{inbox[nameof(InboxState.Delivered)]}})
                VALUES ({0}, {1}, {1}, {2}, 1, {2}, {2}) ON CONFLICT DO NOTHING
                """,
            DeleteOldInbox = $$"""
                DELETE FROM {{inbox.Table}} WHERE {{inbox[nameof(InboxState.Id)]}} IN (
                    SELECT {{inbox[nameof(InboxState.Id)]}} FROM {{inbox.Table}} ORDER BY {{inbox[nameof(InboxState.Id)]}} LIMIT {1} FOR UPDATE SKIP LOCKED)
                AND {{inbox[nameof(InboxState.Received)]}} < {0}
                """,
            ClaimDue = $$"""
                UPDATE {{outbox.Table}} SET {{due}} = {1} WHERE {{sequence}} IN (
                    SELECT {{sequence}} FROM {{outbox.Table}} WHERE {{due}} <= {0} ORDER BY {{due}} LIMIT {2} FOR UPDATE SKIP LOCKED)
                RETURNING *
                """,
            ClaimGiven = $$"""
                UPDATE {{outbox.Table}} SET {{due}} = {1} WHERE {{sequence}} = ANY({0}) RETURNING *
                """,
            Delete = $$"""
                DELETE FROM {{outbox.Table}} WHERE {{sequence}} = ANY({0})
                """,
            PutOff = $$"""
                UPDATE {{outbox.Table}} AS row SET {{due}} = failed.next, {{outbox[nameof(OutboxMessage.LastError)]}} = failed.error,
                    {{outbox[nameof(OutboxMessage.Attempts)]}} = row.{{outbox[nameof(OutboxMessage.Attempts)]}} + 1
                FROM unnest({0}, {1}, {2}) AS failed(id, next, error) WHERE row.{{sequence}} = failed.id
                """,
            Cancel = $$"""
                DELETE FROM {{outbox.Table}} WHERE {{outbox[nameof(OutboxMessage.SchedulingTokenId)]}} = {0}
                """,
        };
    }

    /// <summary>The delimited names that the model gives an entity's table and columns.</summary>
    private sealed class TableNames<T>
    {
        private readonly ISqlGenerationHelper _sql;
        private readonly IEntityType _entity;
        private readonly StoreObjectIdentifier _table;

        public TableNames(DbContext context)
        {
            _sql = context.GetService<ISqlGenerationHelper>();
            _entity = context.Model.FindEntityType(typeof(T))
                ?? throw new InvalidOperationException(
                    $"{context.GetType().Name} lacks {typeof(T).Name}: call AddTransactionalOutboxEntities in OnModelCreating.");
            _table = StoreObjectIdentifier.Create(_entity, StoreObjectType.Table)!.Value;
        }

        public string Table => _sql.DelimitIdentifier(_table.Name, _table.Schema);

        public string this[string property] => _sql.DelimitIdentifier(_entity.FindProperty(property)!.GetColumnName(_table)!);
    }
}
