using Npgsql;

namespace OrderSample.Bench.Twin.Messaging;

/// <summary>
/// What a message does, in one transaction of two round trips: the first begins it, takes note of the message and reads; the
/// second writes, stores what is sent, and commits. Without a commit the connection's pool rolls it back.
/// </summary>
internal sealed class InboxTransaction : IAsyncDisposable
{
    private const string InsertInbox = """INSERT INTO "Inbox" ("MessageId", "Queue") VALUES ($1, $2) ON CONFLICT DO NOTHING RETURNING 1""";

    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlDataReader _reader;
    private readonly List<NpgsqlBatchCommand> _writes = [];
    private readonly List<StoredMessage> _sent = [];

    private InboxTransaction(NpgsqlConnection connection, NpgsqlDataReader reader)
    {
        _connection = connection;
        _reader = reader;
    }

    /// <summary>Whether the message is a new one; one that was handled before is to have no effect.</summary>
    public bool IsNew { get; private set; }

    /// <param name="database">The service's.</param>
    /// <param name="message">What is handled.</param>
    /// <param name="queue">Where it came from.</param>
    /// <param name="reads">Statements whose results are read by <see cref="Read"/>, in turn.</param>
    public static async Task<InboxTransaction> Begin(NpgsqlDataSource database, ReceivedMessage message, string queue, params NpgsqlBatchCommand[] reads)
    {
        var connection = await database.OpenConnectionAsync();
        try
        {
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new NpgsqlBatchCommand("BEGIN"), Sql(InsertInbox, message.Id, queue) } };
            foreach (var read in reads)
                batch.BatchCommands.Add(read);
            var reader = await batch.ExecuteReaderAsync();
            return new InboxTransaction(connection, reader) { IsNew = await reader.ReadAsync() };
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>A statement with parameters.</summary>
    public static NpgsqlBatchCommand Sql(string text, params object[] parameters)
    {
        var command = new NpgsqlBatchCommand(text);
        foreach (var parameter in parameters)
            command.Parameters.Add(parameter as NpgsqlParameter ?? new NpgsqlParameter { Value = parameter });
        return command;
    }

    /// <summary>The rows of the next of the statements that were given to <see cref="Begin"/>.</summary>
    public async Task<List<T>> Read<T>(Func<NpgsqlDataReader, T> row)
    {
        await _reader.NextResultAsync();
        var rows = new List<T>();
        while (await _reader.ReadAsync())
            rows.Add(row(_reader));
        return rows;
    }

    public void Write(string text, params object[] parameters) => _writes.Add(Sql(text, parameters));

    public void Send(StoredMessage message)
    {
        _sent.Add(message);
        _writes.Add(Outbox.Insert(message));
    }

    public async Task Commit(Outbox outbox)
    {
        await _reader.CloseAsync();
        await using var batch = new NpgsqlBatch(_connection);
        foreach (var write in _writes)
            batch.BatchCommands.Add(write);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await batch.ExecuteNonQueryAsync();
        outbox.Committed(_sent);
    }

    public async ValueTask DisposeAsync()
    {
        await _reader.DisposeAsync();
        await _connection.DisposeAsync();
    }
}
