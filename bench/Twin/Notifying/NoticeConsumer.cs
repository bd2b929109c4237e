using System.Threading.Channels;
using Npgsql;
using OrderSample.Bench.Twin.Messaging;

namespace OrderSample.Bench.Twin.Notifying;

/// <summary>
/// Sends notices of one channel, in batches as the real service does: its ledger's key tells a repetition, so there is no
/// inbox, and a batch is one commit.
/// </summary>
internal sealed class NoticeConsumer(string channel, NpgsqlDataSource database, Func<Notice, Task<string>> send)
{
    private const int BatchSize = 20;
    private const int BatchesAtOnce = 2;
    private const ushort InHand = 120;
    private static readonly TimeSpan BatchWait = TimeSpan.FromMilliseconds(100);

    private const string Schema = """
        CREATE TABLE IF NOT EXISTS "Notifications" ("OrderId" uuid, "Kind" text, "Channel" text, "Status" text NOT NULL, "Attempts" int NOT NULL DEFAULT 1,
            "SentAt" timestamptz, "CreatedAt" timestamptz NOT NULL DEFAULT now(), PRIMARY KEY ("OrderId", "Kind", "Channel"))
        """;

    private readonly Channel<(Notice Notice, TaskCompletionSource Done)> _due = Channel.CreateUnbounded<(Notice, TaskCompletionSource)>();

    /// <summary>Starts both channels.</summary>
    /// <returns>What sends a notice by both while the caller waits, for the comparison with orders that are taken without messages.</returns>
    public static async Task<Func<Notice, Task>> Start(IServiceProvider services, string mailFolder)
    {
        var database = services.GetRequiredService<NpgsqlDataSource>();
        // Outbox and inbox, too: this service's outbox has nothing to do, as the real one's.
        await using (var create = database.CreateCommand(Outbox.Schema + Schema))
            await create.ExecuteNonQueryAsync();
        var email = new NoticeConsumer("Email", database, notice => Mail(notice, mailFolder));
        var sms = new NoticeConsumer("Sms", database, notice => Task.FromResult(notice.Customer.Phone is null ? "Skipped" : "Simulated"));
        await email.Start("notification-email", services);
        await sms.Start("notification-sms", services);
        return async notice =>
        {
            await email.SendBatch([notice]);
            await sms.SendBatch([notice]);
        };
    }

    private async Task Start(string queue, IServiceProvider services)
    {
        for (var i = 0; i < BatchesAtOnce; i++)
            _ = Task.Run(SendBatches);
        await services.GetRequiredService<Broker>().Consume(queue, InHand, InHand, Notice.Occasions, Handle, services.GetRequiredService<ILogger<NoticeConsumer>>());
    }

    private Task Handle(ReceivedMessage message)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _due.Writer.TryWrite((Notice.Of(message), done));
        return done.Task;
    }

    private async Task SendBatches()
    {
        var batch = new List<(Notice Notice, TaskCompletionSource Done)>(BatchSize);
        while (await _due.Reader.WaitToReadAsync())
        {
            // What comes while the first one waits goes with it.
            await Task.Delay(BatchWait);
            while (batch.Count < BatchSize && _due.Reader.TryRead(out var due))
                batch.Add(due);
            try
            {
                await SendBatch([.. batch.Select(x => x.Notice).DistinctBy(x => (x.OrderId, x.Kind))]);
                batch.ForEach(x => x.Done.SetResult());
            }
            catch (Exception exception)
            {
                batch.ForEach(x => x.Done.SetException(exception));
            }

            batch.Clear();
        }
    }

    private async Task SendBatch(Notice[] notices)
    {
        await using var find = database.CreateBatch();
        find.BatchCommands.Add(InboxTransaction.Sql("""SELECT "OrderId", "Kind" FROM "Notifications" WHERE "OrderId" = ANY($1) AND "Channel" = $2""",
            notices.Select(x => x.OrderId).ToArray(), channel));
        var done = new HashSet<(Guid, string)>();
        await using (var reader = await find.ExecuteReaderAsync())
        {
            while (await reader.ReadAsync())
                done.Add((reader.GetGuid(0), reader.GetString(1)));
        }

        Notice[] due = [.. notices.Where(x => !done.Contains((x.OrderId, x.Kind)))];
        var statuses = await Task.WhenAll(due.Select(send));
        await using var store = database.CreateBatch();
        store.BatchCommands.Add(InboxTransaction.Sql("""
            INSERT INTO "Notifications" ("OrderId", "Kind", "Channel", "Status", "SentAt")
            SELECT id, kind, $3, status, now() FROM unnest($1, $2, $4) AS sent(id, kind, status) ON CONFLICT DO NOTHING
            """, due.Select(x => x.OrderId).ToArray(), due.Select(x => x.Kind).ToArray(), channel, statuses));
        await store.ExecuteNonQueryAsync();
    }

    /// <summary>Written aside and moved when it is whole, as the real service does; again under the same name, if it is sent again.</summary>
    private static async Task<string> Mail(Notice notice, string folder)
    {
        var draft = Path.Combine(folder, $".{Guid.NewGuid():N}");
        await File.WriteAllTextAsync(draft, $"To: {notice.Customer.Email}\nSubject: Order {notice.OrderId}\n\nDear {notice.Customer.Name},\n\n{notice.Text}\n");
        File.Move(draft, Path.Combine(folder, $"{notice.OrderId:N}.{notice.Kind}.eml"), overwrite: true);
        return "Sent";
    }
}
