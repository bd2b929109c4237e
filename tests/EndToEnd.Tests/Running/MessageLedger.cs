using Npgsql;

namespace OrderSample.EndToEnd.Tests.Running;

/// <summary>
/// Notes every message that the services store to be sent, by a trigger on their outboxes, and accounts for each: it was
/// consumed by everyone who consumes its kind, or it stands where a person finds it.
/// </summary>
internal sealed class MessageLedger : IAsyncDisposable
{
    private static readonly string[] Databases = ["orders-db", "inventory-db", "notifications-db"];

    private readonly OrderSystem _system;

    private MessageLedger(OrderSystem system) => _system = system;

    public static async Task<MessageLedger> Open(OrderSystem system)
    {
        foreach (var database in Databases)
        {
            await system.Sql(database, """
                CREATE TABLE test_sent (id uuid, kind text, scheduled boolean, order_id uuid);
                CREATE FUNCTION test_note_sent() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
                    $$ BEGIN INSERT INTO public.test_sent VALUES (NEW."MessageId", substring(NEW."MessageType" from '[^:;]+(?=;|$)'),
                        NEW."SchedulingTokenId" IS NOT NULL, (NEW."Body"::jsonb->'message'->>'orderId')::uuid); RETURN NEW; END $$;
                CREATE TRIGGER test_sent AFTER INSERT ON "OutboxMessage" FOR EACH ROW EXECUTE FUNCTION test_note_sent();
                """);
        }

        return new MessageLedger(system);
    }

    /// <summary>Waits until each message noted is accounted for, and its kind by equally many consumers.</summary>
    public async Task MustAccountForAll()
    {
        await _system.Eventually("every message to be accounted for", _ => Unaccounted(), missing => missing.Count == 0);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var database in Databases)
            await _system.Sql(database, """DROP TRIGGER test_sent ON "OutboxMessage"; DROP FUNCTION test_note_sent(); DROP TABLE test_sent;""");
    }

    private async Task<Missing> Unaccounted()
    {
        var sent = new List<Sent>();
        var consumed = new Dictionary<Guid, int>();
        var kept = new HashSet<Guid>();
        foreach (var database in Databases)
        {
            // A scheduled message may be cancelled, and then nobody is to see it.
            sent.AddRange(await Read(database, "SELECT id, kind, order_id FROM test_sent WHERE NOT scheduled", row =>
                new Sent(row.GetGuid(0), row.GetString(1), row.IsDBNull(2) ? null : row.GetGuid(2))));
            foreach (var id in await Read(database, """SELECT "MessageId" FROM "InboxState" """, Id))
                consumed[id] = consumed.GetValueOrDefault(id) + 1;
            kept.UnionWith(await Read(database, """SELECT "MessageId" FROM "OutboxMessage" WHERE "EnqueueTime" IS NULL""", Id));
        }

        foreach (var table in (string[])["DeadLetters", "DeadLetterCopies"])
            kept.UnionWith(await Read("backoffice-db", $$"""SELECT "MessageId"::uuid FROM "{{table}}" WHERE "MessageId" ~ '^[0-9a-fA-F-]{36}$' """, Id));
        // What customers are told has no inbox, but a row for each channel.
        var told = (await Read("notifications-db", """SELECT "OrderId", "Kind" FROM "Notifications" """, row => (row.GetGuid(0), row.GetString(1)))).ToLookup(x => x);

        Assert.NotEmpty(sent);
        int Consumers(Sent message) => message.OrderId is { } order && told[(order, message.Kind)].Count() is var rows and > 0 ? rows : consumed.GetValueOrDefault(message.Id);
        var expected = sent.GroupBy(x => x.Kind).ToDictionary(x => x.Key, kind => Math.Max(1, kind.Max(Consumers)));
        return new Missing([.. sent
            .Where(x => !kept.Contains(x.Id) && Consumers(x) < expected[x.Kind])
            .Select(x => $"{x.Kind} {x.Id} of order {x.OrderId}: {Consumers(x)} of {expected[x.Kind]} consumers")]);
    }

    private static Guid Id(NpgsqlDataReader row) => row.GetGuid(0);

    private async Task<List<T>> Read<T>(string database, string sql, Func<NpgsqlDataReader, T> read)
    {
        await using var connection = await _system.OpenDatabase(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
            rows.Add(read(reader));
        return rows;
    }

    private sealed record Sent(Guid Id, string Kind, Guid? OrderId);

    private sealed record Missing(string[] Messages)
    {
        public int Count => Messages.Length;

        public override string ToString() => $"{Count} unaccounted for: {string.Join(", ", Messages.Take(10))}";
    }
}
