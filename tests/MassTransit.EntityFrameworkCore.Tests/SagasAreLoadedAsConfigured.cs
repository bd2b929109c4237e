using MassTransit.EntityFrameworkCore.Tests.Running;
using MassTransit.EntityFrameworkCoreIntegration;
using MassTransit.Saga;
using MassTransit.Testing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.EntityFrameworkCore.Tests;

[Collection(ServersCollection.Name)]
public sealed class SagasAreLoadedAsConfigured(TestServers servers)
{
    [Theory]
    [InlineData(ConcurrencyMode.Pessimistic)]
    [InlineData(ConcurrencyMode.Optimistic)]
    public async Task With_what_the_customized_query_includes(ConcurrencyMode concurrency)
    {
        var place = await NewPlace();
        await using var provider = Provide(place, repository =>
        {
            repository.ConcurrencyMode = concurrency;
            repository.AddDbContext<DbContext, BasketDbContext>((_, options) => options.UseNpgsql(place.Database));
            repository.CustomizeQuery(query => query.Include(x => x.Items));
        });
        var harness = await provider.StartTestHarness();
        var basketId = NewId.NextGuid();

        await Add(harness, place, basketId, "bread");
        await Add(harness, place, basketId, "milk");

        // Without the include the second message would see no item but its own.
        Assert.Equal(2, await Read(place, x => x.Set<Basket>().Where(b => b.CorrelationId == basketId).Select(b => b.Counted).SingleAsync()));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Optimistically_with_a_transaction_around_them_or_without(bool useTransaction)
    {
        var place = await NewPlace();
        await using var provider = Provide(place, repository =>
        {
            repository.SetOptimisticConcurrency(useTransaction);
            repository.AddDbContext<DbContext, BasketDbContext>((_, options) => options.UseNpgsql(place.Database));
        });
        var harness = await provider.StartTestHarness();
        var basketId = NewId.NextGuid();

        await Add(harness, place, basketId, "bread");
        await Add(harness, place, basketId, "milk");

        Assert.Equal(useTransaction, await Read(place, x => x.Set<Basket>().Where(b => b.CorrelationId == basketId).Select(b => b.WasInTransaction).SingleAsync()));
    }

    [Fact]
    public async Task From_a_context_of_a_factory_and_outside_of_consumers_by_id_and_by_query()
    {
        var place = await NewPlace();
        await using var provider = Provide(place, repository => repository.DatabaseFactory(() => Open(place)));
        var harness = await provider.StartTestHarness();
        var (first, second) = (NewId.NextGuid(), NewId.NextGuid());
        await Add(harness, place, first, "bread");
        await Add(harness, place, second, "milk");

        await using var scope = provider.CreateAsyncScope();
        var loaded = await scope.ServiceProvider.GetRequiredService<ILoadSagaRepository<Basket>>().Load(first);
        var missing = await scope.ServiceProvider.GetRequiredService<ILoadSagaRepository<Basket>>().Load(NewId.NextGuid());
        var found = await scope.ServiceProvider.GetRequiredService<IQuerySagaRepository<Basket>>()
            .Find(new SagaQuery<Basket>(x => x.LastAdded == "milk"));

        Assert.Equal("bread", loaded.LastAdded);
        Assert.Null(missing);
        Assert.Equal([second], found);
    }

    [Fact]
    public async Task One_row_at_a_time_by_a_repository_without_a_container()
    {
        var place = await NewPlace();
        var repository = EntityFrameworkSagaRepository<Basket>.CreatePessimistic(() => Open(place), queryCustomization: query => query.Include(x => x.Items));
        var bus = Bus.Factory.CreateUsingInMemory(memory => memory.ReceiveEndpoint("baskets", endpoint =>
        {
            // Twenty of them race to make the saga.
            endpoint.UseMessageRetry(retry => retry.Immediate(20));
            endpoint.StateMachineSaga(new BasketStateMachine(), repository);
        }));
        await bus.StartAsync();
        var basketId = NewId.NextGuid();

        await Task.WhenAll(Enumerable.Range(1, 20).Select(x => bus.Publish(new AddItem(basketId, $"item {x}"))));

        // One that did not wait, or read the items as they were before it waited, would count too few.
        await Waiting.Until(20, () => Read(place, x => x.Set<Basket>().Where(b => b.CorrelationId == basketId).Select(b => b.Counted).SingleOrDefaultAsync()), "items counted");
        await bus.StopAsync();
    }

    [Fact]
    public async Task Without_a_transaction_by_a_repository_without_a_container_too()
    {
        var place = await NewPlace();
        var repository = EntityFrameworkSagaRepository<Basket>.CreateOptimistic(() => Open(place), isTransactionEnabled: false);
        var bus = Bus.Factory.CreateUsingInMemory(memory => memory.ReceiveEndpoint("baskets", endpoint => endpoint.StateMachineSaga(new BasketStateMachine(), repository)));
        await bus.StartAsync();
        var basketId = NewId.NextGuid();

        await bus.Publish(new AddItem(basketId, "bread"));

        await Waiting.Until("bread", () => Read(place, x => x.Set<Basket>().Where(b => b.CorrelationId == basketId).Select(b => b.LastAdded).SingleOrDefaultAsync()), "the last item");
        Assert.False(await Read(place, x => x.Set<Basket>().Select(b => b.WasInTransaction).SingleAsync()));
        await bus.StopAsync();
    }

    [Fact]
    public async Task All_that_match_when_an_event_is_correlated_by_a_query()
    {
        var place = await NewPlace();
        await using var provider = Provide(place, repository => repository.DatabaseFactory(() => Open(place)));
        var harness = await provider.StartTestHarness();
        var ids = new[] { NewId.NextGuid(), NewId.NextGuid(), NewId.NextGuid() };
        await Add(harness, place, ids[0], "bread");
        await Add(harness, place, ids[1], "bread");
        await Add(harness, place, ids[2], "milk");

        await harness.Bus.Publish(new SoldOut("bread"));

        await Waiting.Until(2, () => Read(place, x => x.Set<Basket>().CountAsync(b => b.IsShort)), "baskets that are short");
        Assert.False(await Read(place, x => x.Set<Basket>().Where(b => b.CorrelationId == ids[2]).Select(b => b.IsShort).SingleAsync()));
    }

    private static ServiceProvider Provide(Place place, Action<IEntityFrameworkSagaRepositoryConfigurator<Basket>> configure) =>
        new ServiceCollection().AddLogging().AddMassTransitTestHarness(bus =>
        {
            bus.AddSagaStateMachine<BasketStateMachine, Basket>().EntityFrameworkRepository(configure);
            bus.AddConfigureEndpointsCallback((_, _, endpoint) => endpoint.UseMessageRetry(retry => retry.Immediate(5)));
        }).BuildServiceProvider(true);

    private static async Task Add(ITestHarness harness, Place place, Guid basketId, string item)
    {
        await harness.Bus.Publish(new AddItem(basketId, item));
        await Waiting.Until(item, () => Read(place, x => x.Set<Basket>().Where(b => b.CorrelationId == basketId).Select(b => b.LastAdded).SingleOrDefaultAsync()), "the last item");
    }

    private async Task<Place> NewPlace()
    {
        var place = await servers.NewPlace();
        await using var schema = Open(place);
        await schema.Database.EnsureCreatedAsync();
        return place;
    }

    private static BasketDbContext Open(Place place) => new(new DbContextOptionsBuilder<BasketDbContext>().UseNpgsql(place.Database).Options);

    private static async Task<T> Read<T>(Place place, Func<DbContext, Task<T>> read)
    {
        await using var context = Open(place);
        return await read(context);
    }

    private sealed record AddItem(Guid BasketId, string Name);

    private sealed record SoldOut(string Name);

    private sealed class Basket : SagaStateMachineInstance
    {
        public Guid CorrelationId { get; set; }

        public string CurrentState { get; set; } = "";

        public string LastAdded { get; set; } = "";

        /// <summary>How many items the last message saw, its own among them.</summary>
        public int Counted { get; set; }

        public bool IsShort { get; set; }

        public bool WasInTransaction { get; set; }

        public uint Version { get; set; }

        public List<Item> Items { get; } = [];
    }

    private sealed class Item
    {
        public int Id { get; set; }

        public string Name { get; set; } = "";
    }

    private sealed class BasketStateMachine : MassTransitStateMachine<Basket>
    {
        public BasketStateMachine()
        {
            InstanceState(x => x.CurrentState);
            Event(() => Added, x => x.CorrelateById(context => context.Message.BasketId));
            Event(() => Missing, x =>
            {
                x.CorrelateBy((basket, context) => basket.LastAdded == context.Message.Name);
                x.OnMissingInstance(missing => missing.Discard());
            });
            Initially(When(Added).Then(Add).TransitionTo(Open));
            During(Open, When(Added).Then(Add), When(Missing).Then(x => x.Saga.IsShort = true));
        }

        public State Open { get; private set; } = null!;

        public Event<AddItem> Added { get; private set; } = null!;

        public Event<SoldOut> Missing { get; private set; } = null!;

        private static void Add(BehaviorContext<Basket, AddItem> context)
        {
            context.Saga.Items.Add(new Item { Name = context.Message.Name });
            context.Saga.LastAdded = context.Message.Name;
            context.Saga.Counted = context.Saga.Items.Count;
        }
    }

    private sealed class BasketMap : SagaClassMap<Basket>
    {
        protected override void Configure(Microsoft.EntityFrameworkCore.Metadata.Builders.EntityTypeBuilder<Basket> entity, ModelBuilder model)
        {
            entity.Property(x => x.Version).IsRowVersion();
            entity.HasMany(x => x.Items).WithOne();
        }
    }

    private sealed class BasketDbContext(DbContextOptions<BasketDbContext> options) : SagaDbContext(options)
    {
        protected override IEnumerable<ISagaClassMap> Configurations => [new BasketMap()];

        public override Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
        {
            foreach (var basket in ChangeTracker.Entries<Basket>())
                basket.Entity.WasInTransaction = Database.CurrentTransaction is not null;
            return base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }
    }
}
