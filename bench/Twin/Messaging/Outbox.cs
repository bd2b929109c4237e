using System.Threading.Channels;
using Npgsql;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace OrderSample.Bench.Twin.Messaging;

/// <summary>
/// Messages are stored with what caused them, and delivered after the commit straight from memory, with confirms. A row is
/// deleted once its message is confirmed. What a crash leaves behind, and what is due later, is found by the sweeper.
/// </summary>
internal sealed class Outbox(NpgsqlDataSource database, Broker broker, ILogger<Outbox> logger)
{
    private const int InFlight = 200;
    private const int SettledAtOnce = 1_000;
    private const int SweptAtOnce = 500;
    private const int MaxAttempts = 12;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SettleDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan ConfirmTimeout = TimeSpan.FromSeconds(5);

    private readonly Channel<StoredMessage> _ready = Channel.CreateUnbounded<StoredMessage>();
    private readonly Channel<Guid> _confirmed = Channel.CreateUnbounded<Guid>();

    /// <summary>A row is this process's for so long; after that the sweeper of any process may take it.</summary>
    private static TimeSpan Lease { get; } = 2 * ConfirmTimeout;

    public const string Schema = """
        CREATE TABLE IF NOT EXISTS "Inbox" ("MessageId" uuid, "Queue" text, "Received" timestamptz NOT NULL DEFAULT now(), PRIMARY KEY ("MessageId", "Queue"));
        CREATE TABLE IF NOT EXISTS "Outbox" ("Id" uuid PRIMARY KEY, "Exchange" text NOT NULL, "Type" text NOT NULL, "Body" bytea NOT NULL,
            "Stored" timestamptz NOT NULL DEFAULT now(), "Due" timestamptz, "Attempts" int NOT NULL DEFAULT 0);
        CREATE INDEX IF NOT EXISTS "IX_Outbox_Due" ON "Outbox" ("Due");
        """;

    public void Start(CancellationToken stopping)
    {
        _ = Run(Deliver, stopping);
        _ = Run(Settle, stopping);
        _ = Run(Sweep, stopping);
    }

    /// <summary>The statement that stores a message, for the transaction of what caused it.</summary>
    public static NpgsqlBatchCommand Insert(StoredMessage message) =>
        new("""INSERT INTO "Outbox" ("Id", "Exchange", "Type", "Body", "Due") VALUES ($1, $2, $3, $4, now() + $5)""")
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = message.Id },
                new NpgsqlParameter<string> { TypedValue = message.Exchange },
                new NpgsqlParameter<string> { TypedValue = message.Type },
                new NpgsqlParameter<byte[]> { TypedValue = message.Body },
                new NpgsqlParameter<TimeSpan> { TypedValue = message.Delay ?? Lease },
            },
        };

    /// <summary>Delivers what is due at once of the messages that have just been committed.</summary>
    public void Committed(IEnumerable<StoredMessage> messages)
    {
        foreach (var message in messages.Where(x => x.Delay is null))
            _ready.Writer.TryWrite(message);
    }

    private async Task Deliver(CancellationToken cancellationToken)
    {
        await using var channel = await broker.OpenPublishing(cancellationToken);
        using var inFlight = new SemaphoreSlim(InFlight);
        await foreach (var message in _ready.Reader.ReadAllAsync(cancellationToken))
        {
            await inFlight.WaitAsync(cancellationToken);
            _ = Publish(channel, message, inFlight);
        }
    }

    private async Task Publish(IChannel channel, StoredMessage message, SemaphoreSlim inFlight)
    {
        try
        {
            var properties = new BasicProperties { MessageId = message.Id.ToString(), Type = message.Type, Persistent = true };
            await channel.BasicPublishAsync(message.Exchange, "", mandatory: true, properties, message.Body).AsTask().WaitAsync(ConfirmTimeout);
            _confirmed.Writer.TryWrite(message.Id);
        }
        catch (PublishException exception)
        {
            // Returned or refused by the broker; it is tried again later, and in the end left for a person.
            logger.LogWarning(exception, "{Message} was not taken by {Exchange}", message.Type, message.Exchange);
            await Defer(message.Id);
        }
        catch (Exception exception)
        {
            // The row is still there, and due again when the lease is over.
            logger.LogWarning(exception, "{Message} was not confirmed", message.Type);
        }
        finally
        {
            inFlight.Release();
        }
    }

    private async Task Settle(CancellationToken cancellationToken)
    {
        var ids = new List<Guid>(SettledAtOnce);
        while (await _confirmed.Reader.WaitToReadAsync(cancellationToken))
        {
            // Nobody waits for it, and a commit for each message would be a third of all commits when little is to be done.
            if (_confirmed.Reader.Count < SettledAtOnce)
                await Task.Delay(SettleDelay, cancellationToken);
            while (ids.Count < SettledAtOnce && _confirmed.Reader.TryRead(out var id))
                ids.Add(id);
            await using var command = database.CreateCommand("""DELETE FROM "Outbox" WHERE "Id" = ANY($1)""");
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] });
            await command.ExecuteNonQueryAsync(cancellationToken);
            ids.Clear();
        }
    }

    private async Task Sweep(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Interval);
        while (await timer.WaitForNextTickAsync(cancellationToken))
        {
            List<StoredMessage> due;
            do
                Committed(due = await Claim(cancellationToken));
            while (due.Count == SweptAtOnce);
        }
    }

    private async Task<List<StoredMessage>> Claim(CancellationToken cancellationToken)
    {
        await using var command = database.CreateCommand("""
            UPDATE "Outbox" SET "Due" = now() + $1 WHERE "Id" IN (
                SELECT "Id" FROM "Outbox" WHERE "Due" <= now() ORDER BY "Due" LIMIT $2 FOR UPDATE SKIP LOCKED)
            RETURNING "Id", "Exchange", "Type", "Body"
            """);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = Lease });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = SweptAtOnce });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<StoredMessage>();
        while (await reader.ReadAsync(cancellationToken))
            due.Add(new StoredMessage(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetFieldValue<byte[]>(3)));
        return due;
    }

    private async Task Defer(Guid id)
    {
        await using var command = database.CreateCommand("""
            UPDATE "Outbox" SET "Attempts" = "Attempts" + 1,
                "Due" = CASE WHEN "Attempts" + 1 < $2 THEN now() + least(interval '1 minute', interval '1 second' * power(2, "Attempts")) END
            WHERE "Id" = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = id });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = MaxAttempts });
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Until the process stops: whatever fails is begun again.</summary>
    private async Task Run(Func<CancellationToken, Task> work, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await work(stopping);
            }
            catch (Exception exception) when (!stopping.IsCancellationRequested)
            {
                logger.LogWarning(exception, "The outbox begins again");
                await Task.Delay(Interval, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
