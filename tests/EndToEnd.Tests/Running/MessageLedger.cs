using Aspire.Hosting.Testing;
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
                CREATE TABLE test_sent (id uuid, type text, scheduled boolean);
                CREATE FUNCTION test_note_sent() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
                    $$ BEGIN INSERT INTO public.test_sent VALUES (NEW."MessageId", NEW."MessageType", NEW."SchedulingTokenId" IS NOT NULL); RETURN NEW; END $$;
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
        var sent = new Dictionary<Guid, string>();
        var consumed = new Dictionary<Guid, int>();
        var kept = new HashSet<Guid>();
        foreach (var database in Databases)
        {
            // A scheduled message may be cancelled, and then nobody is to see it.
            foreach (var (id, type) in await Read(database, "SELECT id, type FROM test_sent WHERE NOT scheduled"))
                sent[id] = type.Split(';')[0];
            foreach (var (id, _) in await Read(database, """SELECT "MessageId", '' FROM "InboxState" """))
                consumed[id] = consumed.GetValueOrDefault(id) + 1;
            foreach (var (id, _) in await Read(database, """SELECT "MessageId", '' FROM "OutboxMessage" WHERE "EnqueueTime" IS NULL"""))
                kept.Add(id);
        }

        foreach (var (id, _) in await Read("backoffice-db", """SELECT "MessageId"::uuid, '' FROM "DeadLetters" WHERE "MessageId" ~ '^[0-9a-fA-F-]{36}$' """))
            kept.Add(id);

        Assert.NotEmpty(sent);
        var consumers = sent.GroupBy(x => x.Value).ToDictionary(x => x.Key, kind => kind.Max(x => consumed.GetValueOrDefault(x.Key)));
        return new Missing([.. sent
            .Where(x => !kept.Contains(x.Key) && (consumers[x.Value] == 0 || consumed.GetValueOrDefault(x.Key) < consumers[x.Value]))
            .Select(x => $"{x.Key} {x.Value}: {consumed.GetValueOrDefault(x.Key)} of {consumers[x.Value]} consumers")]);
    }

    private async Task<List<(Guid Id, string Text)>> Read(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(await _system.App.GetConnectionStringAsync(database));
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<(Guid, string)>();
        while (await reader.ReadAsync())
            rows.Add((reader.GetGuid(0), reader.GetString(1)));
        return rows;
    }

    private sealed record Missing(string[] Messages)
    {
        public int Count => Messages.Length;

        public override string ToString() => $"{Count} unaccounted for: {string.Join(", ", Messages.Take(10))}";
    }
}
