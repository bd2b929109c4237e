using MassTransit;
using MassTransit.Saga;
using MassTransit.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OrderSample.Contracts.Inventory;
using OrderSample.Contracts.Inventory.Commands;
using OrderSample.Contracts.Ordering;
using OrderSample.OrderService.DrivingOrder;
using OrderSample.Services.Tests.Ordering.Modelled;

namespace OrderSample.Services.Tests.Ordering;

/// <summary>The state machine on MassTransit's in-memory transport and repository.</summary>
public sealed class SagaHarness : IAsyncLifetime
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);

    private ServiceProvider _services = null!;

    public ITestHarness Harness { get; private set; } = null!;

    public static Customer Ada { get; } = new("Ada", "ada@example.org", null);

    public async Task InitializeAsync()
    {
        _services = new ServiceCollection()
            .AddLogging()
            .AddSingleton(TimeProvider.System)
            .AddSingleton<IPaymentLedger>(new ModelPaymentLedger())
            .AddSingleton(Options.Create(new SagaOptions { MaxResends = 2 }))
            .AddMassTransitTestHarness(bus =>
            {
                // Both count for the harness, which all tests of a class share: on a busy machine they take a while together.
                bus.SetTestTimeouts(testTimeout: TimeSpan.FromMinutes(10), testInactivityTimeout: Deadline);
                bus.AddDelayedMessageScheduler();
                bus.AddSagaStateMachine<OrderStateMachine, OrderState, OrderSagaDefinition>().InMemoryRepository();
                bus.AddConsumer<DeafInventory>().Endpoint(endpoint => endpoint.Name = InventoryAddresses.ReservationsQueue);
                bus.UsingInMemory((context, memory) =>
                {
                    memory.UseDelayedMessageScheduler();
                    memory.ConfigureEndpoints(context);
                });
            })
            .BuildServiceProvider(validateScopes: true);
        Harness = _services.GetRequiredService<ITestHarness>();
        await Harness.Start();
    }

    public async Task DisposeAsync() => await _services.DisposeAsync();

    /// <summary>Puts an order into a state, as if it had come there by itself.</summary>
    public OrderState Given(string state)
    {
        var order = new OrderState
        {
            CorrelationId = Guid.NewGuid(),
            CurrentState = state,
            Customer = Ada,
            Lines = [new StockLine("CUP", 1)],
            Total = 1.50m,
            PaymentId = state is "Confirming" or "Completed" ? Guid.NewGuid() : null,
            TimeoutToken = state is "Submitted" or "AwaitingPayment" or "Confirming" or "Cancelling" ? Guid.NewGuid() : null,
        };
        var sagas = _services.GetRequiredService<IndexedSagaDictionary<OrderState>>();
        sagas.MarkInUse(CancellationToken.None).GetAwaiter().GetResult();
        try
        {
            sagas.Add(new SagaInstance<OrderState>(order));
        }
        finally
        {
            sagas.Release();
        }

        return order;
    }

    /// <summary>Has the saga handle a message to its end.</summary>
    /// <returns>What it threw, if it did.</returns>
    public async Task<Exception?> WhenAsync<T>(T message)
        where T : class
    {
        var id = Guid.NewGuid();
        await Harness.Bus.Publish(message, context => context.MessageId = id);
        using var deadline = new CancellationTokenSource(Deadline);
        await foreach (var received in Harness.Consumed.SelectAsync<T>(x => x.Context.MessageId == id, deadline.Token))
            return received.Exception;
        throw new TimeoutException($"{typeof(T).Name} was not consumed within {Deadline}.");
    }

    /// <summary>An inventory that takes commands and never answers.</summary>
    private sealed class DeafInventory : IConsumer<ReserveStock>, IConsumer<CommitStock>, IConsumer<ReleaseStock>
    {
        public Task Consume(ConsumeContext<ReserveStock> context) => Task.CompletedTask;

        public Task Consume(ConsumeContext<CommitStock> context) => Task.CompletedTask;

        public Task Consume(ConsumeContext<ReleaseStock> context) => Task.CompletedTask;
    }
}
