using System.Collections.Concurrent;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.Data.SqlClient;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace MassTransit.EntityFrameworkCore.Tests.Running;

public sealed record Work(string Text);

public sealed record WorkDone(string Text);

public sealed record Increment(Guid CounterId);

public sealed record Reminder(Guid CounterId, string Text);

/// <summary>What arrived in this process, by message id.</summary>
public sealed class Arrivals
{
    public ConcurrentQueue<(Guid MessageId, string Text)> All { get; } = new();

    public string[] Texts => [.. All.Select(x => x.Text)];
}

/// <summary>Stores a note and publishes that it did.</summary>
public sealed class WorkConsumer(TestDbContext database) : IConsumer<Work>
{
    public async Task Consume(ConsumeContext<Work> context)
    {
        database.Notes.Add(new Note { Text = context.Message.Text });
        await context.Publish(new WorkDone(context.Message.Text));
    }
}

/// <summary>Notes what arrives, without an outbox or inbox: it sees every delivery.</summary>
public sealed class WorkDoneConsumer(Arrivals arrivals) : IConsumer<WorkDone>
{
    public Task Consume(ConsumeContext<WorkDone> context)
    {
        arrivals.All.Enqueue((context.MessageId!.Value, context.Message.Text));
        return Task.CompletedTask;
    }
}

/// <summary>What a test finds in its database.</summary>
internal static class Stored
{
    private const int LockTimeout = 1222;

    public static TestDbContext OpenDatabase(this Place place) => new(place.DatabaseOptions());

    /// <param name="place">The database.</param>
    /// <param name="commands">Sees the commands as they are sent.</param>
    public static DbContextOptions<TestDbContext> DatabaseOptions(this Place place, IInterceptor? commands = null)
    {
        var options = new DbContextOptionsBuilder<TestDbContext>().UseDatabaseOf(place);
        if (place.On == DatabaseServer.Postgres)
            options.AddInterceptors(Piggyback.Instance);
        if (commands is not null)
            options.AddInterceptors(commands);
        return options.Options;
    }

    /// <summary>How rows are locked there.</summary>
    public static ILockStatementProvider Locks(this Place place) =>
        place.On == DatabaseServer.SqlServer ? new SqlServerLockStatementProvider() : new PostgresLockStatementProvider();

    /// <summary>How many are waiting to read a row that somebody else has locked, and to lock it.</summary>
    public static Task<int> CountReadersInLine(this Place place) => place.Query(x => x.Database.SqlQueryRaw<int>(place.On == DatabaseServer.SqlServer
        ? """
            SELECT count(*) AS "Value" FROM sys.dm_exec_requests AS request CROSS APPLY sys.dm_exec_sql_text(request.sql_handle) AS statement
            WHERE request.database_id = DB_ID() AND request.session_id <> @@SPID AND request.wait_type LIKE 'LCK%' AND statement.text LIKE '%UPDLOCK%'
            """
        : """
            SELECT count(*)::int AS "Value" FROM pg_stat_activity
            WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FOR UPDATE%'
            """).SingleAsync());

    /// <summary>How many are waiting for anything, on a T-SQL server that has no more to tell.</summary>
    public static Task<int> CountBlocked(this Place place) =>
        place.Query(x => x.Database.SqlQueryRaw<int>("SELECT count(*) AS Value FROM sys.sysprocesses WHERE blocked <> 0").SingleAsync());

    public static Task<int> CountNotes(this Place place, string text) =>
        place.Query(x => x.Notes.CountAsync(note => note.Text == text));

    public static Task<int> CountStored(this Place place) =>
        place.Query(x => x.Set<EntityFrameworkCoreIntegration.OutboxMessage>().CountAsync());

    /// <summary>Whether a counter's row is kept from another who asks for its lock. Not every server that understands the hint heeds it.</summary>
    public static async Task<bool> IsLocked(this Place place, Guid counterId)
    {
        if (place.On == DatabaseServer.Postgres)
            return true;

        await using var other = place.OpenDatabase();
        await using var transaction = await other.Database.BeginTransactionAsync();
        try
        {
            await other.Database.ExecuteSqlAsync($"SET LOCK_TIMEOUT 1");
            // Not by the statement under test.
            await other.Counters.FromSql($"SELECT * FROM Counters WITH (UPDLOCK, ROWLOCK) WHERE CorrelationId = {counterId}").LoadAsync();
            return false;
        }
        catch (Exception exception) when (exception.GetBaseException() is SqlException { Number: LockTimeout })
        {
            return true;
        }
    }

    /// <summary>Messages that are ready in a queue; none while there is no such queue.</summary>
    public static async Task<uint> CountMessages(this Place place, string queue)
    {
        await using var connection = await new RabbitMQ.Client.ConnectionFactory { Uri = place.Broker }.CreateConnectionAsync();
        await using var channel = await connection.CreateChannelAsync();
        try
        {
            return (await channel.QueueDeclarePassiveAsync(queue)).MessageCount;
        }
        catch (RabbitMQ.Client.Exceptions.OperationInterruptedException exception) when (exception.ShutdownReason?.ReplyCode == 404)
        {
            return 0;
        }
    }

    public static async Task<T> Query<T>(this Place place, Func<TestDbContext, Task<T>> query)
    {
        await using var context = place.OpenDatabase();
        return await query(context);
    }
}
