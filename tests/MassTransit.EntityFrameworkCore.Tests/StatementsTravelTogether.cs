using System.Data.Common;
using MassTransit.EntityFrameworkCore.Tests.Running;
using MassTransit.EntityFrameworkCoreIntegration;
using MassTransit.Scheduling;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCore.Tests;

/// <summary>What costs no round trip of its own in a shared transaction on PostgreSQL, and what must hold all the same.</summary>
[Collection(ServersCollection.Name)]
public sealed class StatementsTravelTogether(TestServers servers)
{
    private static readonly Uri Listener = new("exchange:listener");

    [Theory, OnPostgres]
    public async Task So_a_sagas_message_takes_two_round_trips(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        var commands = new Commands();
        await using var counter = await MessagesShareTransactions.StartCounter(place, commands);
        var id = NewId.NextGuid();
        await counter.Publish(new Increment(id));
        await Waiting.Until(1, () => Count(place, id), "the first increment");
        commands.Clear();

        // It takes its reminder back, and schedules another.
        await counter.Publish(new Increment(id));
        await Waiting.Until(2, () => Count(place, id), "the second increment");

        Assert.Equal(1, await place.CountStored());
        Assert.Collection(commands.OfInbox(),
            one => Assert.Matches("INSERT INTO \"InboxState\"[^;]*;\\s*SELECT [^;]* FOR UPDATE", one),
            two => Assert.Matches("UPDATE \"Counters\"(?s:.*)INSERT INTO \"OutboxMessage\"(?s:.*);\\s*DELETE FROM \"OutboxMessage\"[^;]*;\\s*COMMIT$", two));
        // It was not sent again.
        Assert.Equal(0, commands.Commits);
    }

    [Theory, OnPostgres]
    public async Task Yet_a_duplicate_is_known_before_its_consumer_runs(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        var id = NewId.NextGuid();
        var runs = new Runs();
        await using (var worker = await StartWorker<CountingConsumer>(place, runs))
        {
            await worker.Publish(new Work("once"), context => context.MessageId = id);
            await Waiting.Until(1, () => place.CountNotes("once"), "notes");
            await worker.Publish(new Work("once"), context => context.MessageId = id);
            await worker.Publish(new Work("next"));
            await Waiting.Until(1, () => place.CountNotes("next"), "notes of the next one");
            await Waiting.Until(0u, () => place.CountMessages("work"), "messages left");
            // It ends when the messages in hand are done.
        }

        Assert.Equal(["next", "once"], runs.Texts.Order());
        Assert.Equal(0u, await place.CountMessages("work_error"));
        Assert.Equal(2, await place.Query(x => x.Set<InboxState>().CountAsync()));
    }

    [Theory, OnPostgres]
    public async Task Also_where_its_inbox_row_travels_with_a_lock(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        var (counter, first, second) = (NewId.NextGuid(), NewId.NextGuid(), NewId.NextGuid());
        await using (var service = await MessagesShareTransactions.StartCounter(place))
        {
            await service.Publish(new Increment(counter), context => context.MessageId = first);
            await Waiting.Until(1, () => Count(place, counter), "the first increment");
            await service.Publish(new Increment(counter), context => context.MessageId = first);
            await service.Publish(new Increment(counter), context => context.MessageId = second);
            await Waiting.Until(2, () => Count(place, counter), "the second increment");
            await Waiting.Until(0u, () => place.CountMessages("counter"), "messages left");
        }

        Assert.Equal(2, await Count(place, counter));
        Assert.Equal(0u, await place.CountMessages("counter_error"));
    }

    [Theory, OnPostgres]
    public async Task And_a_save_that_fails_commits_nothing_of_what_is_sent_with_it(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        var taken = NewId.NextGuid();
        await using var worker = await StartWorker<CollidingConsumer>(place, new Runs());
        await worker.Request(async (_, database) =>
        {
            database.Counters.Add(new Counter { CorrelationId = taken, CurrentState = "Taken" });
            await database.SaveChangesAsync();
        });

        await worker.Publish(new Work(taken.ToString()));

        await Waiting.Until(1u, () => place.CountMessages("work_error"), "failed messages");
        Assert.Equal(0, await place.Query(x => x.Notes.CountAsync()));
        Assert.Equal(0, await place.Query(x => x.Set<InboxState>().CountAsync()));
        Assert.Equal(0, await place.Query(x => x.Set<OutboxMessage>().CountAsync(row => row.Body.Contains(nameof(Reminder)))));
    }

    [Theory, OnPostgres]
    public async Task And_what_is_taken_back_by_a_consumer_that_saves_nothing_never_arrives(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var worker = await StartWorker<TakingBackConsumer>(place, new Runs());
        var token = await Schedule(worker, new Deadline(NewId.NextGuid()));

        await worker.Publish(new Work(token.ToString()));

        await Waiting.Until(0, () => place.CountStored(), "scheduled messages");
        Assert.Equal(1, await place.Query(x => x.Set<InboxState>().CountAsync()));
    }

    [Theory, OnPostgres]
    public async Task And_what_is_scheduled_anew_by_the_same_token_stays(DatabaseServer on)
    {
        ScheduleTokenId.UseTokenId<Deadline>(x => x.Id);
        var place = await servers.NewPlace(on);
        await using var worker = await StartWorker<PostponingConsumer>(place, new Runs());
        var token = await Schedule(worker, new Deadline(NewId.NextGuid()));
        var first = await place.Query(x => x.Set<OutboxMessage>().SingleAsync());

        await worker.Publish(new Work(token.ToString()));

        await Waiting.Until(1, () => place.Query(x => x.Set<OutboxMessage>().CountAsync(row => row.SequenceNumber != first.SequenceNumber)), "the new one");
        var second = await place.Query(x => x.Set<OutboxMessage>().SingleAsync());
        Assert.Equal(token, second.SchedulingTokenId);
        Assert.True(second.SentTime > first.SentTime);
    }

    [Theory, OnPostgres]
    public async Task But_what_is_more_than_one_command_has_a_commit_of_its_own(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        var commands = new Commands();
        await using var worker = await StartWorker<CopyingConsumer>(place, new Runs(), commands);

        await worker.Publish(new Work("many"));
        await Waiting.Until(CopyingConsumer.Many, () => place.Query(x => x.Notes.CountAsync()), "notes");

        Assert.Equal(1, commands.Commits);
        Assert.Equal(1, await place.Query(x => x.Database.SqlQuery<int>($"""SELECT count(DISTINCT xmin::text)::int AS "Value" FROM "Notes" """).SingleAsync()));
    }

    [Theory, OnPostgres]
    public async Task And_so_has_a_change_of_a_row_that_is_not_locked(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        var commands = new Commands();
        await using var worker = await StartWorker<RewritingConsumer>(place, new Runs(), commands);
        await worker.Request(async (_, database) =>
        {
            database.Notes.Add(new Note { Text = "before" });
            await database.SaveChangesAsync();
        });

        await worker.Publish(new Work("after"));
        await Waiting.Until(1, () => place.CountNotes("after"), "changed notes");

        Assert.Equal(1, commands.Commits);
    }

    private static Task<int> Count(Place place, Guid counter) => place.Query(x => x.Counters.Where(row => row.CorrelationId == counter).SumAsync(row => row.Count));

    private static async Task<Guid> Schedule(Service service, Deadline message)
    {
        var token = Guid.Empty;
        await service.Request(async (scope, database) =>
        {
            token = (await scope.GetRequiredService<IMessageScheduler>().ScheduleSend(Listener, DateTime.UtcNow.AddHours(1), message)).TokenId;
            await database.SaveChangesAsync();
        });
        return token;
    }

    private static Task<Service> StartWorker<TConsumer>(Place place, Runs runs, Commands? commands = null)
        where TConsumer : class, IConsumer<Work> =>
        Service.Start(place, bus =>
        {
            bus.AddSingleton(runs);
            bus.AddConsumer<TConsumer>();
        }, (context, rabbit) => Service.Queue(context, rabbit, "work", endpoint =>
        {
            endpoint.UseSharedTransactions<TestDbContext>(context, limit: 8);
            endpoint.ConfigureConsumer<TConsumer>(context);
        }, retries: 0), sharesTransactions: true, commands: commands);

    /// <summary>The commands that services sent, in order.</summary>
    private sealed class Commands : DbCommandInterceptor, IDbTransactionInterceptor
    {
        private readonly List<string> _all = [];

        public int Commits { get; private set; }

        public void Clear()
        {
            lock (_all)
                _all.Clear();
            Commits = 0;
        }

        public ValueTask<InterceptionResult> TransactionCommittingAsync(DbTransaction transaction, TransactionEventData eventData, InterceptionResult result, CancellationToken cancellationToken = default)
        {
            Commits++;
            return new(result);
        }

        /// <summary>Without those of what runs in the background.</summary>
        public string[] OfInbox()
        {
            lock (_all)
            {
                var first = _all.FindIndex(x => x.Contains("InboxState", StringComparison.Ordinal));
                return [.. _all.Skip(first).Where(x => x.Contains("Counters", StringComparison.Ordinal) || x.Contains("InboxState", StringComparison.Ordinal) || x.Contains("SchedulingTokenId", StringComparison.Ordinal))];
            }
        }

        public override ValueTask<DbDataReader> ReaderExecutedAsync(DbCommand command, CommandExecutedEventData eventData, DbDataReader result, CancellationToken cancellationToken = default)
        {
            Add(command);
            return base.ReaderExecutedAsync(command, eventData, result, cancellationToken);
        }

        public override ValueTask<int> NonQueryExecutedAsync(DbCommand command, CommandExecutedEventData eventData, int result, CancellationToken cancellationToken = default)
        {
            Add(command);
            return base.NonQueryExecutedAsync(command, eventData, result, cancellationToken);
        }

        private void Add(DbCommand command)
        {
            lock (_all)
                _all.Add(command.CommandText);
        }
    }

    private sealed class Runs
    {
        private readonly List<string> _texts = [];

        public string[] Texts
        {
            get
            {
                lock (_texts)
                    return [.. _texts];
            }
        }

        public void Add(string text)
        {
            lock (_texts)
                _texts.Add(text);
        }
    }

    public sealed record Deadline(Guid Id);

    private sealed class CountingConsumer(TestDbContext database, Runs runs) : IConsumer<Work>
    {
        public Task Consume(ConsumeContext<Work> context)
        {
            runs.Add(context.Message.Text);
            database.Notes.Add(new Note { Text = context.Message.Text });
            return Task.CompletedTask;
        }
    }

    private sealed class CopyingConsumer(TestDbContext database) : IConsumer<Work>
    {
        /// <summary>More than one command of Npgsql takes.</summary>
        public const int Many = 1500;

        public Task Consume(ConsumeContext<Work> context)
        {
            database.Notes.AddRange(Enumerable.Range(0, Many).Select(i => new Note { Text = $"copy {i}" }));
            return Task.CompletedTask;
        }
    }

    private sealed class RewritingConsumer(TestDbContext database) : IConsumer<Work>
    {
        public async Task Consume(ConsumeContext<Work> context) =>
            (await database.Notes.SingleAsync()).Text = context.Message.Text;
    }

    /// <summary>Its second row has a key that is there already.</summary>
    private sealed class CollidingConsumer(TestDbContext database) : IConsumer<Work>
    {
        public async Task Consume(ConsumeContext<Work> context)
        {
            database.Notes.Add(new Note { Text = "collides" });
            database.Counters.Add(new Counter { CorrelationId = Guid.Parse(context.Message.Text), CurrentState = "New" });
            await context.ScheduleSend(Listener, DateTime.UtcNow.AddHours(1), new Reminder(NewId.NextGuid(), "never"));
        }
    }

    private sealed class TakingBackConsumer : IConsumer<Work>
    {
        public Task Consume(ConsumeContext<Work> context) => context.GetPayload<MessageSchedulerContext>().CancelScheduledSend(Listener, Guid.Parse(context.Message.Text));
    }

    private sealed class PostponingConsumer : IConsumer<Work>
    {
        public async Task Consume(ConsumeContext<Work> context)
        {
            var token = Guid.Parse(context.Message.Text);
            await context.GetPayload<MessageSchedulerContext>().CancelScheduledSend(Listener, token);
            await context.ScheduleSend(Listener, DateTime.UtcNow.AddHours(2), new Deadline(token));
        }
    }
}
