using MassTransit.EntityFrameworkCore.Tests.Running;
using Microsoft.EntityFrameworkCore;

namespace MassTransit.EntityFrameworkCore.Tests;

[Collection(ServersCollection.Name)]
public sealed class SagasLoseNoUpdate(TestServers servers)
{
    /// <summary>Sixteen race for one row, and one of them wins: on a slow machine a message may lose against all others.</summary>
    private const int Unlucky = 1_000;

    [Theory]
    [OnPostgres(ConcurrencyMode.Pessimistic), OnSqlServer(ConcurrencyMode.Pessimistic)]
    [OnPostgres(ConcurrencyMode.Optimistic), OnSqlServer(ConcurrencyMode.Optimistic)]
    public async Task When_many_messages_of_one_saga_come_at_once(DatabaseServer on, ConcurrencyMode concurrency)
    {
        var place = await servers.NewPlace(on);
        await using var first = await StartCounter(place, concurrency);
        await using var second = await StartCounter(place, concurrency);
        var counterId = NewId.NextGuid();

        // The first of them all makes the saga, and they race for that, too.
        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => first.Publish(new Increment(counterId))));

        await Waiting.Until(60, () => place.Query(x => x.Counters.Where(c => c.CorrelationId == counterId).Select(c => c.Count).SingleOrDefaultAsync()),
            "increments");
    }

    /// <summary>Nothing is locked beforehand: what another replica has changed meanwhile is found out by the save, which must not have been committed with it.</summary>
    [Theory, OnPostgres, OnSqlServer]
    public async Task When_nothing_is_locked_and_messages_share_transactions_too(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var first = await StartCounter(place, ConcurrencyMode.Optimistic, isShared: true);
        await using var second = await StartCounter(place, ConcurrencyMode.Optimistic, isShared: true);
        var counterId = NewId.NextGuid();

        await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => first.Publish(new Nudge(counterId))));

        await Waiting.Until(60, () => CountOf(place, counterId), "increments");
    }

    [Theory, OnPostgres, OnSqlServer]
    public async Task When_a_message_of_the_saga_is_being_consumed_the_next_one_waits_for_its_row(DatabaseServer on)
    {
        var place = await servers.NewPlace(on);
        await using var service = await StartCounter(place);
        var counterId = NewId.NextGuid();
        await service.Publish(new Increment(counterId));
        await Waiting.Until(1, () => CountOf(place, counterId), "increments");

        await using var holder = place.OpenDatabase();
        await using var transaction = await holder.Database.BeginTransactionAsync();
        var held = await holder.Counters.FromSqlRaw(place.Locks().GetRowLockStatement<Counter>(holder), counterId).SingleAsync();
        var isLocked = await place.IsLocked(counterId);
        held.Count += 10;
        await holder.SaveChangesAsync();
        await service.Publish(new Increment(counterId));

        // The saga's own read must stand in line for the lock. Where the server ignores the hint its update waits, and finds another version.
        await Waiting.Until(true, async () => (isLocked ? await place.CountReadersInLine() : await place.CountBlocked()) > 0, "somebody who waits for the row");
        await transaction.CommitAsync();
        await Waiting.Until(12, () => CountOf(place, counterId), "increments");
    }

    internal static Task<int> CountOf(Place place, Guid counterId) =>
        place.Query(x => x.Counters.Where(c => c.CorrelationId == counterId).Select(c => c.Count).SingleOrDefaultAsync());

    private static Task<Service> StartCounter(Place place, ConcurrencyMode concurrency = ConcurrencyMode.Pessimistic, bool isShared = false) =>
        Service.Start(place, bus => bus.AddSagaStateMachine<CounterStateMachine, Counter>().EntityFrameworkRepository(repository =>
        {
            repository.ExistingDbContext<TestDbContext>();
            repository.ConcurrencyMode = concurrency;
            repository.LockStatementProvider = place.Locks();
        }), (context, rabbit) => Service.Queue(context, rabbit, "counter", endpoint =>
        {
            if (isShared)
                endpoint.UseSharedTransactions<TestDbContext>(context, limit: 4);
            endpoint.ConfigureSaga<Counter>(context);
        }, Unlucky), sharesTransactions: isShared);

    /// <summary>An increment that locks nothing.</summary>
    public sealed record Nudge(Guid CounterId);

    private sealed class CounterStateMachine : MassTransitStateMachine<Counter>
    {
        public CounterStateMachine()
        {
            InstanceState(x => x.CurrentState);
            Event(() => Incremented, x => x.CorrelateById(context => context.Message.CounterId));
            Event(() => Nudged, x => x.CorrelateById(context => context.Message.CounterId));
            Initially(When(Incremented).Then(x => x.Saga.Count++).TransitionTo(Counting), When(Nudged).Then(x => x.Saga.Count++).TransitionTo(Counting));
            During(Counting, When(Incremented).Then(x => x.Saga.Count++), When(Nudged).Then(x => x.Saga.Count++));
        }

        public State Counting { get; private set; } = null!;

        public Event<Increment> Incremented { get; private set; } = null!;

        public Event<Nudge> Nudged { get; private set; } = null!;
    }
}
