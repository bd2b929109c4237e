using System.Diagnostics;
using Npgsql;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>
/// Notes every message that the services store to be sent, by a trigger on their outboxes, and what their inboxes take, by another one. So it can account
/// for each: it was consumed by everyone who consumes its kind, or it stands where a person finds it.
/// </summary>
/// <param name="open">Connects to a database, as its administrator.</param>
internal sealed partial class MessageLedger(Func<string, CancellationToken, Task<NpgsqlConnection>> open) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly string[] Databases = ["orders-db", "inventory-db", "notifications-db"];

    /// <summary>Begins to note.</summary>
    public async Task Begin(CancellationToken cancellationToken = default)
    {
        // Each table by itself: a transaction that locked both could meet one that locks them the other way round.
        foreach (var database in Databases)
        {
            await Execute(database, """
                CREATE TABLE test_sent (id uuid, kind text, scheduled boolean, order_id uuid, sent_at timestamptz DEFAULT clock_timestamp());
                CREATE FUNCTION test_note_sent() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
                    $$ BEGIN INSERT INTO public.test_sent VALUES (NEW."MessageId", substring(NEW."Body"::jsonb #>> '{messageType,0}' from '[^:]+$'),
                        NEW."SchedulingTokenId" IS NOT NULL, (NEW."Body"::jsonb->'message'->>'orderId')::uuid); RETURN NEW; END $$;
                CREATE TRIGGER test_sent AFTER INSERT ON "OutboxMessage" FOR EACH ROW EXECUTE FUNCTION test_note_sent();
                """, cancellationToken);
            // The inbox itself forgets.
            await Execute(database, """
                CREATE TABLE test_consumed (id uuid, consumer uuid);
                CREATE FUNCTION test_note_consumed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
                    $$ BEGIN INSERT INTO public.test_consumed VALUES (NEW."MessageId", NEW."ConsumerId"); RETURN NEW; END $$;
                CREATE TRIGGER test_consumed AFTER INSERT ON "InboxState" FOR EACH ROW EXECUTE FUNCTION test_note_consumed();
                """, cancellationToken);
        }
    }

    /// <summary>All messages noted so far that are not only scheduled: those may be cancelled, and then nobody is to see them.</summary>
    public async Task<IReadOnlyList<NotedMessage>> Read(CancellationToken cancellationToken = default)
    {
        var sent = new List<(Guid Id, string Kind, Guid? OrderId, DateTimeOffset At)>();
        var consumed = new Dictionary<Guid, int>();
        var kept = new HashSet<Guid>();
        foreach (var database in Databases)
        {
            sent.AddRange(await Read(database, "SELECT id, kind, order_id, sent_at FROM test_sent WHERE NOT scheduled", row =>
                (row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? (Guid?)null : row.GetGuid(2), row.GetFieldValue<DateTimeOffset>(3)), cancellationToken));
            // After half an hour the inbox has forgotten, and a replay is consumed again: by the same consumer.
            foreach (var id in await Read(database, "SELECT id FROM (SELECT DISTINCT id, consumer FROM test_consumed) x", Id, cancellationToken))
                consumed[id] = consumed.GetValueOrDefault(id) + 1;
            kept.UnionWith(await Read(database, """SELECT "MessageId" FROM "OutboxMessage" WHERE "EnqueueTime" IS NULL""", Id, cancellationToken));
        }

        foreach (var table in (string[])["DeadLetters", "DeadLetterCopies"])
            kept.UnionWith(await Read("backoffice-db", $$"""SELECT "MessageId"::uuid FROM "{{table}}" WHERE "MessageId" ~ '^[0-9a-fA-F-]{36}$' """, Id, cancellationToken));
        // What customers are told has no inbox, but a row for each channel.
        var told = (await Read("notifications-db", """SELECT "OrderId", "Kind" FROM "Notifications" """, row => (row.GetGuid(0), row.GetString(1)), cancellationToken))
            .CountBy(x => x).ToDictionary();

        int Consumers(Guid id, string kind, Guid? orderId) => orderId is { } order && told.TryGetValue((order, kind), out var rows) ? rows : consumed.GetValueOrDefault(id);
        var expected = sent.GroupBy(x => x.Kind).ToDictionary(x => x.Key, kind => Math.Max(1, kind.Max(x => Consumers(x.Id, x.Kind, x.OrderId))));
        return [.. sent.Select(x => new NotedMessage(x.Id, x.Kind, x.OrderId, x.At, Consumers(x.Id, x.Kind, x.OrderId), expected[x.Kind], kept.Contains(x.Id)))];
    }

    /// <summary>Takes the triggers away; where a test has failed with its database stopped, once that is back: another exception here would hide the test's own.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var database in Databases)
        {
            await Remove(database, """DROP TRIGGER IF EXISTS test_sent ON "OutboxMessage"; DROP FUNCTION IF EXISTS test_note_sent(); DROP TABLE IF EXISTS test_sent;""");
            await Remove(database, """DROP TRIGGER IF EXISTS test_consumed ON "InboxState"; DROP FUNCTION IF EXISTS test_note_consumed(); DROP TABLE IF EXISTS test_consumed;""");
        }
    }

    private async Task Remove(string database, string sql)
    {
        for (var begin = Stopwatch.GetTimestamp(); ;)
        {
            try
            {
                await Execute(database, sql, CancellationToken.None);
                return;
            }
            catch (NpgsqlException) when (Stopwatch.GetElapsedTime(begin) < Patience)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }
    }

    private static Guid Id(NpgsqlDataReader row) => row.GetGuid(0);

    private async Task Execute(string database, string sql, CancellationToken cancellationToken)
    {
        await using var connection = await open(database, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<List<T>> Read<T>(string database, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken)
    {
        await using var connection = await open(database, cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellationToken))
            rows.Add(read(reader));
        return rows;
    }
}

/// <summary>A message that a service stored to be sent.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Kind">What it is.</param>
/// <param name="OrderId">The order that it is about.</param>
/// <param name="SentAt">When it was stored, UTC.</param>
/// <param name="Consumers">How many have consumed it.</param>
/// <param name="Expected">How many consume its kind.</param>
/// <param name="IsKept">Whether it stands where a person finds it: parked, or on the dead-letter desk.</param>
internal sealed record NotedMessage(Guid Id, string Kind, Guid? OrderId, DateTimeOffset SentAt, int Consumers, int Expected, bool IsKept)
{
    /// <summary>Whether nobody knows what became of it.</summary>
    public bool IsUnaccounted => !IsKept && Consumers < Expected;

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Id} of order {OrderId}: {Consumers} of {Expected} consumers";
}
