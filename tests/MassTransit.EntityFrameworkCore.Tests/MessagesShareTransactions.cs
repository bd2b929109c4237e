using System.Collections.Concurrent;
using MassTransit.EntityFrameworkCore.Tests.Running;
using MassTransit.EntityFrameworkCoreIntegration;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCore.Tests;

/// <summary>Each test holds the first message in its transaction until all others stand in line, so that they come together.</summary>
[Collection(ServersCollection.Name)]
public sealed class MessagesShareTransactions(TestServers servers)
{
    private const int Others = 12;

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_they_arrive_while_another_one_is_consumed(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var listener = await AMessageHasOneEffect.StartListener(place);
        await using var worker = await StartWorker(place);

        await ConsumeTogether(worker, [.. Enumerable.Range(0, Others).Select(i => new Work($"work {i}"))]);

        await Waiting.Until(1 + Others, () => Task.FromResult(listener.Arrivals.All.Count), "arrivals");
        await Waiting.Until(0, () => place.CountStored(), "stored messages");
        Assert.Equal(1 + Others, await place.Query(x => x.Notes.CountAsync()));
        Assert.Equal(1 + Others, listener.Arrivals.Texts.Distinct().Count());
        // Only PostgreSQL tells which transaction wrote a row. A message that came a moment too late may have had one of its own.
        if (on == DatabaseServer.Postgres)
            Assert.InRange(await CountTransactions(place), 2, 4);
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_one_fails_the_others_are_committed_all_the_same(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var listener = await AMessageHasOneEffect.StartListener(place);
        await using var worker = await StartWorker(place);

        await ConsumeTogether(worker, [.. Enumerable.Range(0, Others).Select(i => new Work(i == 5 ? Gate.Poison : $"work {i}"))]);

        await Waiting.Until(Others, () => Task.FromResult(listener.Arrivals.All.Count), "arrivals");
        await Waiting.Until(1u, () => place.CountMessages("work_error"), "poison messages");
        await Waiting.Until(0, () => place.CountStored(), "stored messages");
        Assert.Equal(Others, await place.Query(x => x.Notes.CountAsync()));
        Assert.Equal(0, await place.CountNotes(Gate.Poison));
        Assert.DoesNotContain(Gate.Poison, listener.Arrivals.Texts);
        // All but the poison one, which may come again.
        Assert.Equal(Others, await place.Query(x => x.Set<InboxState>().CountAsync()));
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_one_fails_its_fault_is_published_once(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        var faults = 0;
        await using var listener = await AMessageHasOneEffect.StartListener(place, endpoints: (_, rabbit) => rabbit.ReceiveEndpoint("faults", endpoint =>
            endpoint.Handler<Fault<Work>>(_ =>
            {
                Interlocked.Increment(ref faults);
                return Task.CompletedTask;
            })));
        await using var worker = await StartWorker(place, retries: 0);

        await ConsumeTogether(worker, [.. Enumerable.Range(0, Others).Select(i => new Work(i == 5 ? Gate.Poison : $"work {i}"))]);

        await Waiting.Until(Others, () => Task.FromResult(listener.Arrivals.All.Count), "arrivals");
        await Waiting.Until(1u, () => place.CountMessages("work_error"), "poison messages");
        await Waiting.Until(true, () => Task.FromResult(Volatile.Read(ref faults) > 0), "a fault");
        Assert.Equal(1, Volatile.Read(ref faults));
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_the_process_dies_between_the_commit_and_the_publish_all_are_sent_later(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using (var dying = await StartWorker(place, delivers: false))
        {
            await ConsumeTogether(dying, [.. Enumerable.Range(0, Others).Select(i => new Work($"work {i}"))]);
            await Waiting.Until(1 + Others, () => place.CountStored(), "stored messages");
        }

        await using var listener = await AMessageHasOneEffect.StartListener(place, delivers: false);
        await using var restarted = await StartWorker(place);

        await Waiting.Until(1 + Others, () => Task.FromResult(listener.Arrivals.All.Count), "arrivals");
        await Waiting.Until(0, () => place.CountStored(), "stored messages");
        Assert.Equal(1 + Others, await place.Query(x => x.Notes.CountAsync()));
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_copies_of_them_come_to_two_replicas_each_has_one_effect(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var listener = await AMessageHasOneEffect.StartListener(place);
        var first = await StartWorker(place, isHeld: false);
        var second = await StartWorker(place, isHeld: false);
        (Work Message, Guid Id)[] messages = [.. Enumerable.Range(0, 40).Select(i => (new Work($"work {i}"), NewId.NextGuid()))];

        // Five of each, in no order.
        await Task.WhenAll(Enumerable.Repeat(messages, 5).SelectMany(x => x).OrderBy(_ => Random.Shared.Next())
            .Select(x => first.Publish(x.Message, context => context.MessageId = x.Id)));
        await Waiting.Until(messages.Length, () => place.Query(x => x.Notes.CountAsync()), "notes");
        await Waiting.Until(0u, () => place.CountMessages("work"), "messages left");
        await Waiting.Until(0, () => place.CountStored(), "stored messages");
        // They end when the messages in hand are done.
        await first.DisposeAsync();
        await second.DisposeAsync();

        Assert.Equal(messages.Length, await place.Query(x => x.Notes.Select(note => note.Text).Distinct().CountAsync()));
        Assert.Equal(messages.Length, await place.Query(x => x.Notes.CountAsync()));
        Assert.Equal(messages.Length, listener.Arrivals.All.Count);
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_they_change_the_same_sagas_in_two_replicas_no_change_is_lost(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var first = await StartCounter(place);
        await using var second = await StartCounter(place);
        Guid[] counters = [.. Enumerable.Range(0, 6).Select(_ => NewId.NextGuid())];

        await Task.WhenAll(Enumerable.Repeat(counters, 20).SelectMany(x => x).OrderBy(_ => Random.Shared.Next()).Select(id => first.Publish(new Increment(id))));

        await Waiting.Until(20 * counters.Length, () => place.Query(x => x.Counters.SumAsync(counter => counter.Count)), "increments");
        Assert.All(await place.Query(x => x.Counters.ToListAsync()), counter => Assert.Equal(20, counter.Count));
        // Its reminder was scheduled by the first increment, and is taken back and scheduled anew by each further one.
        await Waiting.Until(counters.Length, () => place.CountStored(), "reminders");
    }

    /// <summary>Publishes messages that arrive while one before them is being consumed.</summary>
    private static async Task ConsumeTogether(Service worker, Work[] messages)
    {
        var gate = worker.Services.GetRequiredService<Gate>();
        await worker.Publish(new Work(Gate.First));
        await gate.Entered.Task.WaitAsync(TimeSpan.FromSeconds(30));
        await Task.WhenAll(messages.Select(message => worker.Publish(message)));
        await Waiting.Until(1 + messages.Length, () => Task.FromResult(gate.Arrived.Count), "arrivals at the endpoint");
        gate.Open.SetResult();
    }

    private static Task<int> CountTransactions(Place place) =>
        place.Query(x => x.Database.SqlQuery<int>($"""SELECT count(DISTINCT xmin::text)::int AS "Value" FROM "Notes" """).SingleAsync());

    private static Task<Service> StartWorker(Place place, bool delivers = true, bool isHeld = true, int retries = 20) =>
        Service.Start(place, bus =>
        {
            bus.AddSingleton(new Gate(isHeld));
            bus.AddConsumer<GatedConsumer>();
        }, (context, rabbit) => Service.Queue(context, rabbit, "work", endpoint =>
        {
            var gate = context.GetRequiredService<Gate>();
            endpoint.ConcurrentMessageLimit = 1 + Others;
            endpoint.UseExecute(message => gate.Arrived.TryAdd(message.MessageId!.Value, true));
            endpoint.UseSharedTransactions<TestDbContext>(context, limit: 50);
            endpoint.ConfigureConsumer<GatedConsumer>(context);
        }, retries), delivers, sharesTransactions: true);

    internal static Task<Service> StartCounter(Place place, IInterceptor? commands = null) =>
        Service.Start(place, bus => bus.AddSagaStateMachine<RemindingCounter, Counter>().EntityFrameworkRepository(repository =>
        {
            repository.ExistingDbContext<TestDbContext>();
            repository.ConcurrencyMode = ConcurrencyMode.Pessimistic;
            repository.LockStatementProvider = place.Locks();
        }), (context, rabbit) => Service.Queue(context, rabbit, "counter", endpoint =>
        {
            endpoint.ConcurrentMessageLimit = 16;
            endpoint.UseSharedTransactions<TestDbContext>(context, limit: 8);
            endpoint.ConfigureSaga<Counter>(context);
        }), sharesTransactions: true, commands: commands);

    private sealed class Gate
    {
        public const string First = "first";
        public const string Poison = "poison";

        public Gate(bool isClosed)
        {
            if (!isClosed)
                Open.SetResult();
        }

        public ConcurrentDictionary<Guid, bool> Arrived { get; } = new();

        public TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    private sealed class GatedConsumer(TestDbContext database, Gate gate) : IConsumer<Work>
    {
        public async Task Consume(ConsumeContext<Work> context)
        {
            database.Notes.Add(new Note { Text = context.Message.Text });
            await context.Publish(new WorkDone(context.Message.Text));
            if (context.Message.Text == Gate.Poison)
                throw new InvalidOperationException("broken on purpose");
            if (context.Message.Text == Gate.First)
            {
                gate.Entered.TrySetResult();
                await gate.Open.Task;
            }
        }
    }

    private sealed class RemindingCounter : MassTransitStateMachine<Counter>
    {
        public RemindingCounter()
        {
            InstanceState(x => x.CurrentState);
            Event(() => Incremented, x => x.CorrelateById(context => context.Message.CounterId));
            Schedule(() => Reminding, x => x.ReminderTokenId, x =>
            {
                x.Delay = TimeSpan.FromHours(1);
                x.Received = received => received.CorrelateById(context => context.Message.CounterId);
            });
            Initially(Count(When(Incremented)).TransitionTo(Counting));
            During(Counting, Count(When(Incremented).Unschedule(Reminding)));
        }

        public State Counting { get; private set; } = null!;

        public Event<Increment> Incremented { get; private set; } = null!;

        public Schedule<Counter, Reminder> Reminding { get; private set; } = null!;

        private EventActivityBinder<Counter, Increment> Count(EventActivityBinder<Counter, Increment> binder) =>
            binder.Then(x => x.Saga.Count++).Schedule(Reminding, x => new Reminder(x.Saga.CorrelationId, "still counting"));
    }
}
